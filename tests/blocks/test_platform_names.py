"""The platform mixes some ninety names into every block; one that ours hide takes whole courses down.

`ExamBlock.start` did: it hid the release date, so that no learner saw an outline, a grade or a unit of the course any more.
"""

from __future__ import annotations

import pytest
from xblock.core import XBlock
from xblock.fields import Field
from xblock.runtime import Mixologist

from host import block_classes
from platform_names import FIELDS, METHODS, platform_mixin

KINDS = sorted(block_classes())
SAME_MEANING = {"display_name"}
ON_PURPOSE = {
    "get_score": "the instructor tools ask the block where a learner stands",
    "has_score": "the gradebook asks the class whether there is anything to score",
    "icon_class": "the sequence shows a symbol of the block's kind",
    "max_score": "the gradebook asks for full marks, without a learner",
    "show_in_read_only_mode": "a reader of another's page is shown ours, too",
}


def names_of_ours(block: type) -> set[str]:
    """Whatever a block has beyond XBlock itself, from whichever of our classes or mixins."""
    return {name for owner in block.__mro__ if owner not in XBlock.__mro__ for name in vars(owner)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_the_platform_is_reached_through_our_blocks(kind):
    mixin = platform_mixin()
    mixed = Mixologist([mixin]).mix(block_classes()[kind])
    hidden = {name for name in FIELDS if getattr(mixed, name) is not getattr(mixin, name)}
    assert hidden <= SAME_MEANING, f"hidden: {hidden}"
    assert all(isinstance(getattr(mixed, name), Field) for name in hidden)


@pytest.mark.parametrize("kind", KINDS)
def test_no_method_of_the_platform_is_hidden_but_on_purpose(kind):
    assert names_of_ours(block_classes()[kind]) & {*METHODS} <= {*ON_PURPOSE}
