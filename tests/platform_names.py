"""What Open edX mixes into every block, in the LMS and in Studio together (`XBLOCK_MIXINS` of both, 2025-08).

The names are of LmsBlockMixin, InheritanceMixin, XModuleMixin, EditInfoMixin, AuthoringMixin and UpstreamSyncMixin.
"""

from __future__ import annotations

from typing import Any

from xblock.core import XBlockMixin
from xblock.fields import Scope, String

FIELDS = """
chrome copied_from_block course_edit_method days_early_for_beta default_tab display_name due edxnotes edxnotes_visibility
format giturl graceperiod graded group_access hide_from_toc in_entrance_exam matlab_api_key max_attempts relative_weeks_due
rerandomize self_paced show_correctness show_reset_button showanswer source_file start static_asset_path upstream
upstream_display_name upstream_version upstream_version_declined use_latex_compiler user_partitions video_auto_advance
video_bumper video_speed_optimizations visible_to_staff_only xqa_key
""".split()  # noqa: SIM905 (as a list it would take a line a name)

METHODS = """
add_aside always_recalculate_grades bind_for_student category close_date course_id display_name_with_default
display_name_with_default_escaped edited_by edited_on editable_metadata_fields editor_saved get_asides get_cds_init_args
get_child_by get_content_titles get_customizable_fields get_explicitly_set_fields_by_scope get_icon_class get_progress
get_required_block_descriptors get_score has_children_at_depth has_deadline_passed has_dynamic_children has_score icon_class
is_past_due location max_score merged_group_access non_editable_metadata_fields post_editor_saved public_view
publish_completion published_by published_on runtime show_in_read_only_mode subtree_edited_by subtree_edited_on system
tooltip_title url_name visibility_view xblock_kvs xmodule_runtime
""".split()  # noqa: SIM905 (as a list it would take a line a name)


def platform_mixin() -> type:
    """A mixin with every field of the platform."""
    fields: dict[str, Any] = {name: String(scope=Scope.settings, default=f"the platform's {name}") for name in FIELDS}
    return type("PlatformMixin", (XBlockMixin,), fields)
