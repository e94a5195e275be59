"""Every question we ask the platform. Nothing else in the package touches `block.runtime` or a platform module.

Names of user attributes: `edx-platform.*`, set by the LMS (`DjangoXBlockUserService`) and by the preview alike.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils import timezone
from web_fragments.fragment import Fragment
from xblock.exceptions import NoSuchDefinition, NoSuchUsage

Block = Any
FULL_MARKS = 100


class NotSignedIn(Exception):
    """There is no learner to act for."""


def now() -> datetime.datetime:
    """The server's clock. Deadlines and gates use no other."""
    return timezone.now()


def _user_attribute(block: Block, name: str) -> Any:
    user = block.runtime.service(block, "user").get_current_user()
    return user.opt_attrs.get(f"edx-platform.{name}")


def learner_id(block: Block) -> int:
    """The platform's id of the signed-in user."""
    id_ = _user_attribute(block, "user_id")
    if id_ is None:
        raise NotSignedIn
    return int(id_)


def is_staff(block: Block) -> bool:
    """Whether the user is staff of this course."""
    return bool(_user_attribute(block, "user_is_staff"))


def is_author(block: Block) -> bool:
    """Whether the user may see and change the author's text.

    The LMS can be made to render any view by name, so authoring views must not trust that they are asked for in Studio
    (`xblock_view`, lms/djangoapps/courseware/block_render.py).
    """
    in_studio = getattr(settings, "ROOT_URLCONF", "").startswith("cms.")
    return in_studio or is_staff(block)


def course_key(block: Block) -> str:
    """The course run the block belongs to."""
    return str(block.scope_ids.usage_id.context_key)


def block_name(block: Block) -> str:
    """The block's url_name: the id that the author gave."""
    return str(block.scope_ids.usage_id.block_id)


def sibling(block: Block, kind: str, name: str) -> Block | None:
    """Another block of the same course by kind (`ladder_article`) and url_name, or None."""
    key = block.scope_ids.usage_id.context_key.make_usage_key(kind, name)
    try:
        return block.runtime.get_block(key)
    except _missing():
        return None


def _missing() -> tuple[type[Exception], ...]:
    """What the runtime raises for a block that is not there or that the learner may not load."""
    found: list[type[Exception]] = [NoSuchUsage, NoSuchDefinition]
    if apps.is_installed("lms.djangoapps.courseware"):
        from django.http import Http404
        from xmodule.modulestore.exceptions import ItemNotFoundError

        found += [ItemNotFoundError, Http404]
    return tuple(found)


def page_url(block: Block, name: str) -> str:
    """The full page of a lesson, article, case, exam or stage."""
    pattern = getattr(settings, "LADDER_PAGE_URL", "/courses/{course}/jump_to_id/{name}")
    return str(pattern).format(course=course_key(block), name=name)


def add_resources(block: Block, fragment: Fragment, script: str, arguments: dict[str, Any]) -> None:
    """Styles and scripts of the package, and the call that wakes the page up."""
    fragment.add_css_url(block.runtime.local_resource_url(block, "public/ladder.css"))
    fragment.add_javascript_url(block.runtime.local_resource_url(block, "public/ladder.js"))
    if script:
        fragment.add_javascript_url(block.runtime.local_resource_url(block, f"public/{script}.js"))
    fragment.initialize_js("LadderBlock", arguments)


def publish_completion(block: Block, share: float) -> None:
    """Tell the platform how much of the block is done, 0 to 1."""
    block.runtime.publish(block, "completion", {"completion": share})


def publish_grade(block: Block, marks: float) -> None:
    """Tell the gradebook the marks of a case, of 100. A lower result than before changes nothing."""
    block.runtime.publish(block, "grade", {"value": marks, "max_value": FULL_MARKS, "only_if_higher": True})


def publish_exam_score(block: Block, marks: float, attempt: int) -> None:
    """Tell the gradebook the marks of an exam, of 100, through edx-submissions; the best attempt counts.

    Submissions hold whole points, so marks are told in hundredths. Harmless to repeat. Without that app (the preview) our own
    records are the only gradebook.
    """
    if not apps.is_installed("submissions"):
        return
    from submissions import api

    item = {
        "student_id": _user_attribute(block, "anonymous_user_id"),
        "course_id": course_key(block),
        "item_id": str(block.scope_ids.usage_id),
        "item_type": block.scope_ids.block_type,
    }
    points = round(marks * 100)
    standing = api.get_score(item)
    if standing is not None and standing["points_earned"] >= points:
        return
    submission = api.create_submission(item, {"attempt": attempt}, attempt_number=attempt)
    api.set_score(submission["uuid"], points, FULL_MARKS * 100)
