"""The block of one knowledge-base article."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from xblock.completable import XBlockCompletionMode

from ladder.core.document import Document
from ladder.core.kb import Article, parse_article
from ladder.core.problems import Report
from ladder.shell import LadderBlock, Visit, html_of, parse_payload, render


def _article(documents: tuple[Document, ...], problems: list[Any]) -> Article | None:
    for document in documents:
        if document.kind == "article":
            report = Report(document.file)
            article = parse_article(document, "article", report)
            problems += report.problems
            return article
    return None


@functools.lru_cache(maxsize=1024)
def parse_text(content: str) -> Article:
    """The article of a payload."""
    return parse_payload(content, _article)


class ArticleBlock(LadderBlock):
    """Shows an article as a page of its own; other blocks open it in place."""

    kind = "article"
    completion_mode = XBlockCompletionMode.EXCLUDED
    parse_text = staticmethod(parse_text)

    def page(self, visit: Visit) -> str:
        """The whole article."""
        return self.panel(self.linked, level=2)

    def panel(self, linked: Callable[[str], str], level: int = 3) -> str:
        """The article as HTML, with links as `linked` makes them."""
        article = parse_text(self.content)
        return render("article", {"article": article, "html": linked(html_of(article.body)), "level": level})

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """An example for the XBlock workbench."""
        return [("Ladder article", """<ladder_article url_name="limits" display_name="服务时限"><![CDATA[---
kind: article
title: 服务时限
category: 服务规范
updated: 2026-10-08
---
## 投诉答复
客户投诉须在 48 小时内答复。
]]></ladder_article>""")]
