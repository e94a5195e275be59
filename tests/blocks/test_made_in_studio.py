"""Blocks that are made in Studio: what they are called, and what their authors and learners are told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils.translation import gettext, override

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
