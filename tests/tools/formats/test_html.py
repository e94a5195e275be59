"""HTML of other programs as Markdown: it shows the same, reads well, and nothing in it can hang or break the import."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings, strategies as st

from ladder.core.markup import to_html as shown
from ladder_tools.formats.escape import to_markdown_line as to_markdown_of_text
from ladder_tools.formats.html import to_html, to_inline_html, to_markdown, to_markdown_line


@pytest.mark.parametrize(("html", "markdown"), [
    ("客户要求退费，先做什么？", "客户要求退费，先做什么？"),
    ("<p>客户来电。</p>\n<p>先做什么？</p>", "客户来电。\n\n先做什么？"),
    ("<p>先<b>核实</b>、再<i>登记</i>、<s>后</s>回访</p>", "先**核实**、再*登记*、~~后~~回访"),
    ("<b>核实</b><b>身份</b>，<b> 登记 </b>工单", "**核实身份**， **登记** 工单"),
    ("<b>先<i>核实</i></b><i>后</i>", "**先<em>核实</em>**<em>后</em>"),
    ("<span style='font-weight: bold'>核实</span><span style='text-decoration: underline'>身份</span>", "**核实**<u>身份</u>"),
    ("CO<sub>2</sub> 与 10<sup>3</sup>", "CO<sub>2</sub> 与 10<sup>3</sup>"),
    ("问：<br>答：<br><br>完", "问：<br>\n答：\n\n完"),
    ("<ul><li>核实<ol><li>姓名</li><li>证件</li></ol></li><li>登记</li></ul>", "- 核实\n    1. 姓名\n    2. 证件\n- 登记"),
    ("<ol start='3'><li><p>核实</p><p>身份</p></li><li><p>登记</p></li></ol>", "3. 核实\n\n    身份\n\n4. 登记"),
    ("<ul><li>甲</li></ul><ul><li>乙</li></ul>", "- 甲\n\n<!-- -->\n\n- 乙"),
    ("<table><tr><th>级别</th><th>时限</th></tr><tr><td>A|B</td><td>4<br>小时</td></tr><tr><td colspan='2'>无</td></tr></table>",
     "| 级别 | 时限 |\n| --- | --- |\n| A\\|B | 4<br>小时 |\n| 无 |  |"),
    ("<pre>if a:\n    b</pre>", "```\nif a:\n    b\n```"),
    ("按 <code>*123#</code> 键", "按 `*123#` 键"),
    ("<h1>案例</h1><blockquote><p>客户说</p></blockquote><hr>", "### 案例\n\n> 客户说\n\n***"),
    ("<dl><dt>工单</dt><dd>一次服务的记录</dd></dl>", "工单\n:   一次服务的记录"),
    ("<img src='a b.png' alt='[图]'><a href='https://example.com/a_(b)'>说明</a><a href='javascript:x()'>点我</a>",
     "![\\[图\\]](<a b.png>)[说明](https://example.com/a_%28b%29)点我"),
    ("<img class='equation_image' data-equation-content='x^2' src='/equation_images/x'>", "\\\\(x^2\\\\)"),
    ("<math><mi>x</mi><annotation encoding='application/x-tex'>x_1</annotation></math>", "\\\\(x_1\\\\)"),
    ("<iframe src='https://example.com/v'></iframe>", "[https://example.com/v](https://example.com/v)"),
    ("<style>p{}</style><script>alert(1)</script><!-- 注 -->正文", "正文"),
    ("1 &lt; 2 &amp;lt;（&nbsp;&nbsp;）", "1 < 2 &amp;lt;（  ）"),
    ("1 &lt;b&gt; *星* # [a](b) {{x}} {{1}}", "1 &lt;b> \\*星\\* # [a\\](b) {\\{x}\\} {{1}}"),
    ("<p>1. 甲</p><p>- 乙</p><p># 丙</p>", "1\\. 甲\n\n\\- 乙\n\n\\# 丙"),
    ("[<b>a</b>](b)!<a href='http://x.cn'>c</a>", "[**a**\\](b)&#33;[c](http://x.cn)"),
    ("<?xml version='1.0' encoding='gbk'?><p>声明</p>", "声明"),
    ("<!-- -->", ""),
    ("", ""),
])
def test_what_html_says_is_said_in_markdown(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown


@pytest.mark.parametrize(("html", "line"), [
    ("<p>先核实</p><p>再登记</p>", "先核实<br>再登记"),
    ("先核实\n  再登记", "先核实 再登记"),
    ("<ol><li>核实</li><li>登记</li></ol>", "1. 核实<br>2. 登记"),
    ("<table><tr><td>一</td><td>二</td></tr></table>", "一\u3000二"),
    ("<pre>a\nb</pre>", "`a`<br>`b`"),
    ("<h2>结论</h2><b>是</b>", "结论<br>**是**"),
])
def test_a_choice_stays_one_line(html: str, line: str) -> None:
    assert to_markdown_line(html) == line


def test_code_that_means_something_to_banks_and_tables_is_kept_from_them() -> None:
    """A bank finds blanks in code too, and a bar divides key points."""
    for code in ("{{1}}", "a|b", "x}}"):
        markdown = to_markdown(f"<code>{code}</code>")
        assert code not in markdown
        assert shown(markdown) == f"<p><code>{code}</code></p>"
    assert "{{1}}" not in to_markdown("<pre>{{1}}\n## x</pre>")
    assert "{{1}}\n## x" in shown(to_markdown("<pre>{{1}}\n## x</pre>"))


def test_links_into_the_knowledge_base_go_out_as_their_words_and_pictures_into_a_folder() -> None:
    markdown = "见 [[refunds#时限|退费时限]]、[[refunds]]、`[[x]]`\n\n![流程](flow.png)"
    assert to_html(markdown, "media/") == (
        '<p>见 退费时限、refunds、<code>[[x]]</code></p>\n<p><img alt="流程" src="media/flow.png"></p>'
    )
    assert to_inline_html("![流程](flow.png)") == '<img alt="流程" src="flow.png">'


_WORD = st.text(st.sampled_from("工单登记回访abz 059，。“”（）*_`~[]()<>&#|!{}\\:=+-."), min_size=1, max_size=12).filter(str.strip)
_INLINE = st.recursive(
    st.one_of(
        _WORD.map(to_markdown_of_text),
        st.sampled_from(["[退费](https://example.com/a_b)", "![流程](flow.png)", "`*123#`", "CO<sub>2</sub>", "第 {{1}} 步"]),
    ),
    lambda inner: st.one_of(
        inner.map("**{}**".format), inner.map("*{}*".format), inner.map("~~{}~~".format), inner.map("`{}`".format),
        st.tuples(inner, inner).map("，".join),
        st.tuples(inner, inner).map("<br>\n".join),
    ),
    max_leaves=4,
)
_ITEM = _INLINE.map(lambda text: text.replace("\n", " "))
_BLOCK = st.one_of(
    _INLINE,
    st.lists(_ITEM, min_size=1, max_size=4).map(lambda items: "\n".join(f"- {item}" for item in items)),
    st.lists(_ITEM, min_size=1, max_size=4).map(lambda items: "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1))),
    st.tuples(_ITEM, _ITEM).map(lambda pair: f"- {pair[0]}\n    - {pair[1]}"),
    st.tuples(_ITEM, _ITEM).map(lambda pair: f"- {pair[0]}\n\n    {pair[1]}\n\n- 末"),
    st.lists(_ITEM, min_size=2, max_size=2).map(lambda row: f"| 甲 | 乙 |\n| --- | --- |\n| {row[0]} | {row[1]} |"),
    _WORD.map(lambda text: f"```\n{re.sub('[`{}]', '', text)}x\n```"),
    _ITEM.map("> {}".format),
)


def _settled(html: str) -> str:
    """HTML without what nobody sees: space, a mark inside its like, a mark that ends where its like begins."""
    open_marks: Counter[str] = Counter()

    def outermost(tag: re.Match[str]) -> str:
        open_marks[tag[2]] += -1 if tag[1] else 1
        return tag[0] if open_marks[tag[2]] == (0 if tag[1] else 1) else ""

    html = re.sub(r"<(/?)(strong|em|del)>", outermost, "".join(html.split()))
    return re.sub(r"</(strong|em|del)><\1>", "", html)


@settings(max_examples=150)
@given(st.lists(_BLOCK, min_size=1, max_size=4).map("\n\n".join))
def test_markdown_that_went_out_as_html_comes_back_showing_the_same(markdown: str) -> None:
    there = shown(markdown)
    assert _settled(shown(to_markdown(there))) == _settled(there)


@settings(max_examples=200)
@given(st.lists(st.text(st.sampled_from("工单登记abz059，。？（）《》%/- "), min_size=1).map(str.strip).filter(lambda text: text and text[0] in "工单登记abz（"), min_size=1))
def test_plain_text_comes_back_as_it_was(paragraphs: list[str]) -> None:
    markdown = "\n\n".join(" ".join(text.split()) for text in paragraphs)
    assert to_markdown(to_html(markdown)) == markdown


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td", "blockquote", "dl><dd", "font", "a href='http://x.cn'"])
def test_ten_thousand_nested_tags_leave_their_text(tag: str) -> None:
    assert "末尾" in to_markdown(f"<{tag}>" * 10_000 + "末尾")
    assert "末尾" in to_markdown_line(f"<{tag}>" * 200 + "末尾")
