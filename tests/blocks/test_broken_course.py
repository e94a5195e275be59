"""While the course on the desk is broken, what is said to its author about it is told to no trainee: messages quote keys."""

from __future__ import annotations

import re
from typing import Any

import pytest

from author import new_word, plant_words
from ladder_tools.preview import views
from ladder_tools.preview.content import Shelf
from spy import Spy, Watch
from trainee import op_id

# One slip of each kind whose message quotes what a learner must not read; {word} stands where the key does.
SLIPS = {
    "example-rejected": "投诉 {{{{48}}}} 小时内答复。\n接受: {word}\n> 见规定。",
    "example-accepted": "投诉 {{{{{word}}}}} 小时内答复。\n拒绝: {word}\n> 见规定。",
    "unbounded-pattern": "投诉 {{{{/({word})*/}}}} 小时内答复。\n> 见规定。",
    "same-choice": "投诉几小时内答复？\n- (x) {word}\n- ( ) {word}\n> 见规定。",
    "broken-link": "投诉几小时内答复？\n- (x) 甲\n- ( ) 乙\n> 见 [[{word}]]。",
    "broken-anchor": "投诉几小时内答复？\n- (x) 甲\n- ( ) 乙\n> 见 [[limits#{word}]]。",
}


@pytest.fixture
def words(site: Any) -> dict[str, str]:
    planted = plant_words(site.folder, site.banks)
    site.load()
    return planted


def break_the_bank(site: Any, shelf: Shelf) -> dict[str, str]:
    """Make every slip at once; the words that are quoted, by kind of problem, and the messages themselves."""
    bank, told = site.banks / "first.md", {}
    for number, (code, text) in enumerate(SLIPS.items()):
        told[f"quoted:{code}"] = new_word()
        with bank.open("a", encoding="utf-8") as file:
            file.write(f"\n## 新题 {{#slip-{number} d=1}}\n{text.format(word=told[f'quoted:{code}'])}\n")
    shelf.load()
    found = {problem.code for problem in shelf.problems}
    assert found >= set(SLIPS), found
    for language in ("zh", "en"):
        said = "\n".join(f"{problem.code} {problem.message(language)}" for problem in shelf.problems)
        assert [code for code in SLIPS if told[f"quoted:{code}"] not in said] == [], "each message quotes its word"
        for number, problem in enumerate(shelf.problems):
            told |= {f"message:{language}/{number}": problem.message(language).lower(), f"place:{number}": f"first.md:{problem.line}:"}
    return told


def test_a_trainee_who_looks_everywhere_sees_nothing_of_what_is_wrong_with_the_course(site, words, sign_in, act):
    spy = Spy(sign_in("trainee"), act, site, Watch(words))
    spy.start("first-exam")
    spy.do("case", "late-van", "begin")
    before = set(spy.look_everywhere())
    told = break_the_bank(site, site.shelf)
    spy.watch.learn(told)
    assert spy.look_everywhere() == before
    sheet = spy.running("first-exam")
    spy.save("first-exam", sheet, [(card, [""] * card.blanks or [0]) for card in sheet.cards])
    spy.do("case", "late-van", "choose", {"op_id": op_id(), "position": 0, "option": 0})
    spy.act("exam", "first-exam", "answer", {"attempt": 1, "saves": [{}]})
    assert not {name for name in spy.look_everywhere() if name.startswith(("quoted", "message", "place"))}


def test_a_trainer_is_told_all_of_it(site, words, sign_in, act):
    """Shows that it is there to be found."""
    told = break_the_bank(site, site.shelf)
    page = sign_in("trainer").get("/course/")
    for part in ("quoted", "message:zh", "place"):
        watch = Watch(expected := {name: word for name, word in told.items() if name.startswith(part)})
        watch.look(page)
        assert watch.seen == set(expected)


def test_of_a_course_that_was_never_good_trainees_are_told_that_it_is_being_prepared(site, words, sign_in, act, monkeypatch):
    urls = ["/", "/course/", "/version/", "/sign-in/", *(f"/unit/{name}/" for name in site.now.positions)]
    urls += [f"/handler/{site.usage('exam', 'first-exam')}/begin", f"/author/{next(iter(site.now.positions))}/", "/static/cover.png"]
    shelf = Shelf(site.folder)
    told = break_the_bank(site, shelf)
    assert shelf.site is None
    monkeypatch.setattr(views, "_shelf", shelf)
    watch, client = Watch(told), sign_in("trainee")
    for url in urls:
        for response in (client.get(url), client.post(url, "{}", content_type="application/json")):
            assert response.status_code < 500
            watch.look(response)
    assert watch.seen == set()
    page = client.get("/course/").content.decode()
    assert "课程正在准备中" in page
    assert re.search("本页会自动打开", page)


def test_a_block_whose_text_is_broken_tells_learners_that_it_is_being_prepared_and_staff_in_studio_what_is_wrong(site, host, trainee, trainer):
    """In the LMS a course is imported as it stands, and a text may have been changed in Studio."""
    watch = Watch({"quoted": (word := new_word())})
    for kind, name in (("exam", "first-exam"), ("lesson", "welcome"), ("case", "late-van"), ("article", "limits"), ("stage", "start")):
        block = host(trainee).get_block(site.usage(kind, name))
        block.content = f"---\nkind: {word}\n{word}: [[{word}\n---\n## {word}\n> {word}"
        block.save()
        page = trainee.client.get(f"/unit/{name}/")
        assert "准备中" in page.content.decode()
        watch.look(page)
        for handler in ("begin", "answer", "submit", "read", "finish", "choose", "article"):
            watch.look(trainee.act(kind, name, handler, {"attempt": 1, "saves": [{}], "sections": [], "id": "limits"}))
    assert watch.seen == set()
    watch.look(trainer.client.get("/author/welcome/"))
    assert watch.seen == {"quoted"}
