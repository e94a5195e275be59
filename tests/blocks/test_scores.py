"""Scores and completion: what the platform is told, and what it can know about our blocks beforehand."""

from __future__ import annotations

import pytest
from xblock.completable import XBlockCompletionMode

from host import block_classes
from ladder_tools.preview.runtime import PreviewRuntime
from trainee import FIRST_STAGE, op_id


@pytest.mark.parametrize("kind", ["case", "exam"])
def test_what_is_scored_says_so_on_its_class_and_knows_full_marks_without_learner_or_text(kind, site):
    block_class = block_classes()[kind]
    assert vars(block_class)["has_score"], "the platform asks the class whether its blocks could have a score"
    block = PreviewRuntime(site.now, None).get_block(site.usage(kind, FIRST_STAGE[kind]))
    block.content = "still to be written"
    assert block.has_score is True
    assert block.max_score() == 100.0
    assert block.weight is None, "raw marks count"
    assert "weight" not in block.fields, "submissions know no weights: none is offered"


@pytest.mark.parametrize("kind", ["stage", "lesson", "article", "mistakes"])
def test_what_is_only_read_has_no_score(kind):
    assert not getattr(block_classes()[kind], "has_score", False)


def test_stages_lessons_calls_and_exams_are_completed_by_what_is_done_and_the_rest_by_nothing():
    modes = {kind: XBlockCompletionMode.get_mode(block) for kind, block in block_classes().items()}
    read_only = dict.fromkeys(("article", "mistakes"), XBlockCompletionMode.EXCLUDED)
    assert modes == read_only | dict.fromkeys(("stage", "lesson", "case", "exam"), XBlockCompletionMode.COMPLETABLE)
    custom = {kind for kind, block in block_classes().items() if getattr(block, "has_custom_completion", False)}
    assert custom == {"stage", "lesson", "case", "exam"}, "else the platform would tick them off as soon as they are seen"


def test_looking_and_refusals_tell_the_platform_nothing(trainee, site, host):
    platform = host(trainee)
    for kind, name in FIRST_STAGE.items():
        platform.get_block(site.usage(kind, name)).render("student_view")
    platform.send(site.usage("lesson", "welcome"), "finish")
    platform.send(site.usage("case", "late-van"), "choose", {"op_id": op_id(), "position": 0, "option": 0})
    platform.send(site.usage("exam", "first-exam"), "submit", {"attempt": 1})
    platform.send(site.usage("exam", "second-exam"), "begin")
    assert platform.published == []
