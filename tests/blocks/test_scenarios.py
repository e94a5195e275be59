"""The examples that each block brings for the XBlock workbench."""

from __future__ import annotations

import pytest
from lxml import etree


@pytest.mark.parametrize("kind", ["stage", "lesson", "article", "case", "exam", "mistakes"])
def test_each_block_brings_an_example_that_its_own_parser_accepts(kind: str, site: object) -> None:
    import importlib

    block = getattr(importlib.import_module(f"ladder.{kind}"), f"{kind.capitalize()}Block")
    for title, xml in block.workbench_scenarios():
        node = etree.fromstring(xml)
        assert title
        assert node.tag == f"ladder_{kind}"
        assert block.parse_text((node.text or "").strip()) is not None
