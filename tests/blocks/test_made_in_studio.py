"""Blocks that are made in Studio: what they are called, and what their authors and learners are told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils.translation import gettext, override
from lxml import etree, html as markup

from host import block_classes
from studio import block_of, make_block

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
    assert chinese["lesson"] == "课文（阶梯）"
    for names in (english, chinese):
        assert len(set(names.values())) == len(KINDS)
        assert not any("_" in name for name in names.values()), "no raw tags"
    assert not any(re.search("[A-Za-z]", name) for name in chinese.values())


def test_a_block_without_a_title_is_called_so_in_the_readers_language(site, trainer, trainee):
    make_block(site, "lesson", "untitled")
    page = trainee.see("untitled")
    assert "<h2>课文（阶梯）</h2>" in page
    assert "Ladder lesson" not in page
    assert "<h2>课文（阶梯）</h2>" in author_page(trainer, "untitled", "author")


def test_the_editor_shows_that_name_only_as_a_hint_and_never_writes_it_down(site, trainer, act):
    make_block(site, "article", "untitled")
    page = author_page(trainer, "untitled")
    assert 'name="display_name" value="" placeholder="知识库条目（阶梯）"' in page
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
    assert block_of(site, "lesson", "welcome").title == "课文（阶梯）"
    assert 'value=""' in author_page(trainer, "welcome")


def test_an_article_without_a_title_opens_in_place_under_its_kinds_name(site, trainee):
    make_block(site, "article", "untitled", {"content": block_of(site, "article", "limits").content})
    assert trainee.do("lesson", "welcome", "article", {"id": "untitled"})["title"] == "知识库条目（阶梯）"


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
