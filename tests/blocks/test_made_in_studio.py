"""Blocks that are made in Studio: what they are called, and what their authors and learners are told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils.translation import gettext, override
from lxml import etree, html as markup

from host import Host, block_classes
from studio import block_of, copy_block, make_block
from trainee import FIRST_STAGE, SECOND_STAGE

KINDS = sorted(block_classes())


@pytest.fixture
def trainer(sign_in: Any) -> Any:
    return sign_in("trainer")


def author_page(trainer: Any, name: str, view: str = "studio") -> str:
    return str(trainer.get(f"/author/{name}/?view={view}").content.decode())


def name_in_the_menu(kind: str) -> str:
    """As Studio makes it: `xblock_type_display_name`, cms/djangoapps/contentstore/helpers.py."""
    return gettext(block_classes()[kind].display_name.default)


def test_studios_menu_calls_every_block_by_a_name_in_the_authors_language():
    with override("en"):
        english = {kind: name_in_the_menu(kind) for kind in KINDS}
    with override("zh-hans"):
        chinese = {kind: name_in_the_menu(kind) for kind in KINDS}
    assert english["lesson"] == "Ladder lesson"
    assert chinese["lesson"] == "Ladder 课文"
    for names in (english, chinese):
        assert len(set(names.values())) == len(KINDS)
        assert not any("_" in name for name in names.values()), "no raw tags"
    assert not any(re.search("[A-Za-z]", name.removeprefix("Ladder ")) for name in chinese.values())


def test_a_block_without_a_title_is_called_so_in_the_readers_language(site, trainer, trainee):
    make_block(site, "lesson", "untitled")
    page = trainee.see("untitled")
    assert "<h2>Ladder 课文</h2>" in page
    assert "Ladder lesson" not in page
    assert "<h2>Ladder 课文</h2>" in author_page(trainer, "untitled", "author")


def test_the_editor_shows_that_name_only_as_a_hint_and_never_writes_it_down(site, trainer, act):
    make_block(site, "article", "untitled")
    page = author_page(trainer, "untitled")
    assert 'name="display_name" value="" placeholder="Ladder 知识库条目"' in page
    text = block_of(site, "article", "limits").content
    assert act(trainer, "article", "untitled", "studio_save", {"display_name": "", "content": text}).json()["saved"]
    block = block_of(site, "article", "untitled")
    assert not block.fields["display_name"].is_set_on(block)


def test_a_title_can_be_given_and_taken_away_again(site, trainer, act):
    def save(title: str) -> None:
        data = {"display_name": title, "content": block_of(site, "lesson", "welcome").content}
        assert act(trainer, "lesson", "welcome", "studio_save", data).json()["saved"]

    save("开场")
    assert 'value="开场"' in author_page(trainer, "welcome")
    save("")
    assert block_of(site, "lesson", "welcome").title == "Ladder 课文"
    assert 'value=""' in author_page(trainer, "welcome")


def test_an_article_without_a_title_opens_in_place_under_its_kinds_name(site, trainee):
    make_block(site, "article", "untitled", {"content": block_of(site, "article", "limits").content})
    assert trainee.do("lesson", "welcome", "article", {"id": "untitled"})["title"] == "Ladder 知识库条目"


# -- a block that nobody has written yet ----------------------------------------------------------------------------


def starter(kind: str) -> str:
    """The example in the workbench's scenario."""
    _, scenario = block_classes()[kind].workbench_scenarios()[0]
    return str(etree.fromstring(scenario).text).strip()


def offered(page: str) -> str:
    """What the editor's text field holds."""
    return str(markup.fromstring(page).xpath("string(//textarea[@name='content'])")).strip()


@pytest.mark.parametrize("kind", KINDS)
def test_the_editor_of_a_new_block_offers_an_example_and_says_that_it_is_one(kind, site, trainer):
    make_block(site, kind, "fresh")
    page = author_page(trainer, "fresh")
    assert offered(page) == starter(kind)
    assert "这是一份供改写的示例" in page
    assert "来自 Markdown 文件夹" not in page
    assert "ladder-problems" not in page, "a text that nobody wrote has no faults"


@pytest.mark.parametrize("kind", KINDS)
def test_the_author_of_a_new_block_reads_that_nothing_is_written_and_how_to_begin(kind, site, trainer):
    make_block(site, kind, "fresh")
    page = author_page(trainer, "fresh", "author")
    assert "这里还没有内容" in page
    assert "打开编辑器" in page
    assert "Markdown 文件夹" in page
    assert "ladder-problems" not in page
    assert "<pre" not in page


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ["as it was offered", "with other line ends", "emptied"])
def test_saving_a_new_block_as_it_is_writes_nothing_and_learners_never_see_the_example(kind, how, site, trainer, trainee, act):
    make_block(site, kind, "fresh")
    text = offered(author_page(trainer, "fresh"))
    content = {"as it was offered": text, "with other line ends": text.replace("\n", "\r\n") + "\r\n\r\n", "emptied": " \n"}[how]
    assert act(trainer, kind, "fresh", "studio_save", {"display_name": "", "content": content}).json() == {"problems": [], "saved": True}
    block = block_of(site, kind, "fresh")
    assert block.content == ""
    assert not block.fields["display_name"].is_set_on(block)
    page = trainee.see("fresh")
    assert "内容准备中" in page
    assert not [line for line in text.splitlines() if len(line) > 5 and line in page]
    assert "这里还没有内容" in author_page(trainer, "fresh", "author")


def test_a_title_can_be_given_before_the_text(site, trainer, act):
    make_block(site, "lesson", "fresh")
    act(trainer, "lesson", "fresh", "studio_save", {"display_name": "第三课", "content": starter("lesson")})
    block = block_of(site, "lesson", "fresh")
    assert (block.title, block.content) == ("第三课", "")


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_that_was_written_over_is_saved(kind, site, trainer, act):
    make_block(site, kind, "fresh")
    text = offered(author_page(trainer, "fresh"))
    changed = text.replace("title: ", "title: 我的", 1).replace("leaves_after: 2", "leaves_after: 3")
    assert changed != text
    assert act(trainer, kind, "fresh", "studio_save", {"display_name": "我的", "content": changed}).json() == {"problems": [], "saved": True}
    assert block_of(site, kind, "fresh").content == changed
    assert offered(author_page(trainer, "fresh")) == changed


def test_neither_nothing_nor_the_example_takes_the_place_of_a_text_that_learners_have(site, trainer, act):
    before = block_of(site, "lesson", "welcome").content
    for content in ("", starter("lesson")):
        reply = act(trainer, "lesson", "welcome", "studio_save", {"display_name": "欢迎", "content": content}).json()
        assert reply["saved"] is False
        assert reply["problems"]
    assert block_of(site, "lesson", "welcome").content == before


# -- a copy ---------------------------------------------------------------------------------------------------------

COUNTED = {"lesson": "不计入阶段进度", "case": "不计入阶段进度，也不计入成绩", "exam": "不计入阶段进度，也不计入成绩", "stage": "它不会解锁任何内容"}
TO_LEARNERS = {"lesson": "这篇课文不计入阶段进度。", "case": "这一项不计入阶段进度，也不计入你的成绩。", "exam": "这一项不计入阶段进度，也不计入你的成绩。"}


def above(page: str) -> str:
    """What stands above the page of a block, and stays there whatever page comes next."""
    return page.partition('<section class="ladder ')[2].partition('<div class="ladder-body">')[0]


@pytest.mark.parametrize("kind", COUNTED)
def test_the_author_of_a_copy_reads_that_no_plan_holds_it_what_follows_and_what_to_do(kind, site, trainer):
    copy_block(site, kind, FIRST_STAGE[kind], "8de4bb39")
    for view in ("studio", "author"):
        page = author_page(trainer, "8de4bb39", view)
        assert "阶段“start”的计划里没有这个组件" in page
        assert COUNTED[kind] in page
        assert "请把它写成课程文件夹里的文件" in page
        assert "的计划里没有" not in author_page(trainer, FIRST_STAGE[kind], view), "the block it was copied from is in the plan"


@pytest.mark.parametrize("kind", ["lesson", "article", "case", "exam"])
def test_the_author_of_a_block_pasted_from_another_course_reads_that_its_stage_is_not_here(kind, site, trainer, trainee):
    copy_block(site, kind, FIRST_STAGE[kind], "8de4bb39", stage="elsewhere")
    for view in ("studio", "author"):
        page = author_page(trainer, "8de4bb39", view)
        assert "本课程没有阶段“elsewhere”" in page
        assert ("它不计入成绩" in page) is (kind in ("case", "exam"))
    assert "本阶段还没有解锁" in trainee.see("8de4bb39")


@pytest.mark.parametrize("kind", ["stage", "lesson", "case", "exam"])
def test_the_author_of_a_block_of_no_stage_reads_what_that_means(kind, site, trainer):
    copy_block(site, kind, FIRST_STAGE[kind], "8de4bb39", stage="")
    for view in ("studio", "author"):
        assert ("这个阶段不在任何计划里" if kind == "stage" else "不属于任何阶段") in author_page(trainer, "8de4bb39", view)


@pytest.mark.parametrize("kind", ["article", "mistakes"])
def test_of_what_no_plan_lists_a_copy_is_as_good_as_the_first(kind, site, trainer):
    copy_block(site, kind, {"article": "limits", "mistakes": "mistakes"}[kind], "8de4bb39")
    assert "is-waiting" not in author_page(trainer, "8de4bb39", "author")


def test_the_author_of_a_stage_whose_plan_is_gone_reads_that_all_of_it_stays_locked(site, trainer):
    stage = block_of(site, "stage", "start")
    stage.content = starter("stage")
    stage.save()
    for name in ("start", "welcome", "first-exam"):
        assert "所带的计划无法读取" in author_page(trainer, name, "author")


@pytest.mark.parametrize("kind", TO_LEARNERS)
def test_learners_are_told_on_the_page_of_a_copy_that_it_does_not_count(kind, site, trainee):
    copy_block(site, kind, FIRST_STAGE[kind], "8de4bb39")
    assert TO_LEARNERS[kind] in above(trainee.see("8de4bb39"))
    for name in (FIRST_STAGE[kind], "limits"):
        assert "不计入" not in above(trainee.see(name))
    copy_block(site, kind, FIRST_STAGE[kind], "alone", stage="")
    assert "不计入" not in above(trainee.see("alone"))


def test_passing_a_copy_of_the_exam_opens_nothing(site, trainee):
    copy_block(site, "exam", "first-exam", "8de4bb39")
    trainee.finish_all_but_the_exam()
    assert trainee.sit("8de4bb39")["opened"] == []
    assert "这一项不计入阶段进度" in above(trainee.see("8de4bb39")), "the result says so, too"
    assert "本阶段还没有解锁" not in trainee.see("first-exam")
    assert trainee.act("lesson", "refunding", "finish").status_code == 403


def test_a_copy_of_a_stage_says_that_it_is_not_open_and_one_of_no_plan_shows_its_aim(site, trainee):
    copy_block(site, "stage", "start", "8de4bb39")
    page = trainee.see("8de4bb39")
    assert "本阶段还没有解锁" in page
    assert "“”" not in page
    copy_block(site, "stage", "start", "alone", stage="")
    assert "读完课文，练一通电话，再考一次。" in trainee.see("alone")


# -- what the gradebook counts --------------------------------------------------------------------------------------
# The platform drops a block from every total by `has_score`, which it asks of the block as a course is collected
# (lms/djangoapps/grades: GradesTransformer, subsection_grade.py); scores that a block has got by then are passed over, too.


@pytest.mark.parametrize("kind", ["case", "exam"])
def test_a_copy_is_left_out_of_the_gradebook_and_all_else_is_counted(kind, site):
    def counted(name: str) -> bool:
        return bool(block_of(site, kind, name).has_score)

    copy_block(site, kind, FIRST_STAGE[kind], "8de4bb39")
    copy_block(site, kind, FIRST_STAGE[kind], "elsewhere", stage="elsewhere")
    copy_block(site, kind, FIRST_STAGE[kind], "alone", stage="")
    make_block(site, kind, "fresh")
    assert [counted(name) for name in (FIRST_STAGE[kind], SECOND_STAGE[kind], "alone")] == [True] * 3
    assert [counted(name) for name in ("8de4bb39", "elsewhere", "fresh")] == [False] * 3
    stage = block_of(site, "stage", "start")
    stage.content = starter("stage")
    stage.save()
    assert counted(FIRST_STAGE[kind]), "a plan that cannot be read takes nobody's grade"
    empty = block_of(site, kind, SECOND_STAGE[kind])
    empty.content = ""
    empty.save()
    assert counted(SECOND_STAGE[kind]), "nor does a text that got lost"


@pytest.mark.parametrize("kind", KINDS)
def test_the_platform_can_tell_the_kinds_that_may_have_a_score_without_a_block(kind):
    """`_block_types_possibly_scored`, lms/djangoapps/grades/scores.py."""
    assert bool(getattr(block_classes()[kind], "has_score", False)) is (kind in ("case", "exam"))


def test_an_exam_counts_where_its_stage_is_there_but_the_learner_may_not_load_it(site, trainee):
    class Denying(Host):
        """The LMS gives no block to those who may not load it, and no error either."""

        def get_block(self, usage_id: Any, for_parent: Any = None) -> Any:
            return None if usage_id.block_type == "ladder_stage" else super().get_block(usage_id, for_parent)

    block = Denying(site.now, trainee.client.user).get_block(site.usage("exam", "first-exam"))
    assert block.has_score
