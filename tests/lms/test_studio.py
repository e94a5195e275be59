"""In Studio: its handler view asks for a login and no more, so that the block must ask who may read and write the course."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import crum
import pytest
from common.djangoapps.student import auth
from django.core.exceptions import PermissionDenied
from django.test import override_settings
from lms_host import LmsHost

TEXT = "---\nkind: lesson\ntitle: 新\n---\n## 一\n新的课文。\n"


@pytest.fixture(autouse=True)
def _in_studio(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(auth, "READERS", {"reader"})
    monkeypatch.setattr(auth, "WRITERS", {"writer"})
    with override_settings(ROOT_URLCONF="cms.urls"):
        yield


def save(site: Any, sign_in: Any, username: str) -> Any:
    user = sign_in(username).user
    with crum.impersonate(user):
        return LmsHost(site.now, user).send(site.usage("lesson", "welcome"), "studio_save", {"display_name": "新", "content": TEXT})


def page(site: Any, sign_in: Any, username: str, view: str) -> str:
    user = sign_in(username).user
    with crum.impersonate(user):
        return str(LmsHost(site.now, user).get_block(site.usage("lesson", "welcome")).render(view).content)


def test_who_may_write_the_course_reads_edits_and_saves(site, sign_in):
    assert "<textarea" in page(site, sign_in, "writer", "studio_view")
    assert "kind: lesson" in page(site, sign_in, "writer", "author_view")
    assert save(site, sign_in, "writer").json == {"problems": [], "saved": True}


def test_who_may_read_it_only_reads(site, sign_in):
    assert "kind: lesson" in page(site, sign_in, "reader", "author_view")
    assert "<textarea" not in page(site, sign_in, "reader", "studio_view")
    assert save(site, sign_in, "reader").status_code == 403


def test_anybody_else_with_an_account_sees_and_saves_nothing(site, sign_in):
    for view in ("author_view", "studio_view"):
        with pytest.raises(PermissionDenied):
            page(site, sign_in, "outsider", view)
    assert save(site, sign_in, "outsider").status_code == 403
