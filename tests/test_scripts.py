"""The scripts of the pages: there is one way to the server, and it ends by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPTS = sorted((ROOT / "xblocks/ladder/public").glob("*.js"))
REQUEST = re.compile(r"\bfetch\(|XMLHttpRequest|sendBeacon|\$\.(?:ajax|post|get)\b|EventSource|WebSocket")
STORAGE = re.compile(r"\b(?:localStorage|sessionStorage|indexedDB)\b")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_sends_a_request_but_by_the_shell_which_gives_it_an_end(script: Path) -> None:
    assert len(REQUEST.findall(script.read_text(encoding="utf-8"))) == (script.name == "request.js")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_touches_the_storage_but_where_a_browser_may_deny_it(script: Path) -> None:
    assert bool(STORAGE.search(script.read_text(encoding="utf-8"))) == (script.name == "queue.js")
