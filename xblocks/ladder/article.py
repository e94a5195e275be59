"""The block of one knowledge-base article."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_noop
from xblock.completable import XBlockCompletionMode

from ladder.core.kb import parse_article
from ladder.pages import html_of, render
from ladder.payload import parser_of
from ladder.shell import LadderBlock, title_field
from ladder.visit import Visit

parse_text = parser_of("article", parse_article)




class ArticleBlock(LadderBlock):
    """Shows an article as a page of its own; other blocks open it in place."""

    kind = "article"
    display_name = title_field(gettext_noop("Ladder article"))
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
