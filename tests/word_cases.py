"""What is in the Word files of the zoo. `python tests/word_cases.py` writes them anew."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from word_files import (
    BREAK,
    TAB,
    bold,
    box,
    field,
    highlighted,
    level,
    numbering,
    paragraph as p,
    picture,
    png,
    red,
    run,
    sign,
    table,
    text_box,
    underlined,
    word_file,
)

ZOO = Path(__file__).parent / "tools/zoo/docx"
_SECTIONS = level(0, "chineseCounting", "%1、")
_STEMS = level(0, "decimal", "%1.") + level(1, "upperLetter", "%2.")
_LETTERS = level(0, "upperLetter", "%1.")


def counted_by_word_answers_in_red() -> bytes:
    """Nothing of the numbers is in the text: sections, questions and letters are lists. Stems are bold, right choices red."""
    lists = [(1, 0, False), (2, 1, False), *((number, 2, True) for number in range(3, 6))]
    return word_file(
        p(bold("投诉处理培训测验")),
        p(bold("单选题（每题 2 分，共 2 题）"), list_=1),
        p(bold("客户来电投诉宽带两天没修好，第一句应当说什么？"), list_=2),
        p("请您先冷静一下", list_=3),
        p(red("耽误您用网了，我马上核对进度"), list_=3),
        p("这要问装维师傅", list_=3),
        p(bold("投诉工单应当在几个工作日内回复客户？"), list_=2),
        p("1 个", list_=4),
        p("2 个", list_=4),
        p(red("3"), red(" 个"), list_=4),
        p("5 个", list_=4),
        p(bold("多选题（每题 3 分，共 1 题）"), list_=1),
        p(bold("下列哪些投诉要当天报班长？"), list_=2),
        p(red("客户说要向媒体反映"), list_=5),
        p("客户问账单怎么看", list_=5),
        p(red("同一问题第三次来电"), list_=5),
        p(red("客户人身受到伤害"), list_=5),
        parts={"numbering": numbering(_SECTIONS, _STEMS, _LETTERS, lists=lists)},
    )


def lists_of_two_levels_by_style() -> bytes:
    """Questions and choices are the levels of one list, and the list belongs to styles; the answers stand below."""
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:customStyle="1" w:styleId="Stem"><w:name w:val="题干"/><w:basedOn w:val="a"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:customStyle="1" w:styleId="Option"><w:name w:val="选项"/><w:basedOn w:val="Stem"/>'
        '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>'
    )
    kinds = level(0, "decimal", "%1、", '<w:pStyle w:val="Stem"/>') + level(1, "upperLetter", "%2．", '<w:pStyle w:val="Option"/>')
    return word_file(
        p("客户要求改约上门时间，应当先做什么？", style="Stem"),
        p("核对身份和订单", style="Option"),
        p("直接改成客户说的时间", style="Option"),
        p("请客户自己联系师傅", style="Option"),
        p("答案：A"),
        p("解析：先核身，再改约；不让客户自己去找人。"),
        p("客户夜里 11 点来电说家里断网，应当怎样答复？", style="Stem"),
        p("请客户天亮再来电", style="Option"),
        p("先远程排查，排查不了的登记故障单", style="Option"),
        p("答案：B"),
        parts={"styles": styles, "numbering": numbering(kinds, lists=[(1, 0, False)])},
    )


def choices_in_layout_tables() -> bytes:
    """Choices stand two by two in tables without lines, and the key is a table at the end."""
    return word_file(
        p("一、选择题"),
        p("1. 客户想查上月账单，最快的办法是（　　）。"),
        table(("A. 到营业厅打印", "B. 在掌上营业厅查看"), ("C. 等纸质账单寄到", "D. 请同事代查")),
        p("2. 身份没有核验时，可以告诉客户的是（　　）。"),
        table(("A. 余额", "B. 套餐名称"), ("C. 公开的资费", "D. 装机地址")),
        p("参考答案"),
        table(("题号", "1", "2"), ("答案", "B", "C")),
    )


def questions_in_a_table() -> bytes:
    """One row a question, under a header."""
    return word_file(
        p("宽带知识题库"),
        table(
            ("序号", "题干", "A", "B", "C", "答案", "解析"),
            ("1", "光猫的光信号灯变红，说明什么？", "网速慢", "光路不通", "密码错了", "B", "红灯表示收不到光信号。"),
            ("2", "远程重启光猫前要先做什么？", "征得客户同意", "更换光猫", "派单", "A", ""),
        ),
    )


def changes_hidden_words_and_fields() -> bytes:
    """An edited file: what was struck out is gone, what was put in counts; hidden words and the codes of fields are not on the page."""
    return word_file(
        p("1. 客户要求", '<w:del w:author="x"><w:r><w:delText>立刻</w:delText></w:r></w:del>',
          f'<w:ins w:author="x">{run("全额")}</w:ins>', "退款，座席的权限是多少？"),
        p("A. 20 元以内"),
        p("B. ", '<w:del w:author="x"><w:r><w:delText>30</w:delText></w:r></w:del>', f'<w:ins w:author="x">{run("50")}</w:ins>', " 元以内"),
        p("C. 不限"),
        p("答案：B", run("（2023 版是 A）", "<w:vanish/>")),
        p("解析：见", f'<w:hyperlink>{run("退费条件")}</w:hyperlink>', "第 ", field("PAGEREF limits", "12"), " 页。"),
    )


def ticks_and_boxes() -> bytes:
    """The right choices are ticked: with a symbol of Wingdings, with a box to tick, with a √ in words."""
    return word_file(
        p("1. 通话中客户突然不说话，应当怎么做？"),
        p(sign("F0A8"), "A. 马上挂断"),
        p(sign("F0FE"), "B. 轻声确认客户是否在听"),
        p(sign("F0A8"), "C. 接着念话术"),
        p("2. 下列哪些情况要转接主管？（多选）"),
        p(box(ticked=True), " A. 客户坚持要求主管接听"),
        p(box(ticked=False), " B. 客户问营业时间"),
        p(box(ticked=True), " C. 金额超出座席权限"),
        p("3. 开场白要在几秒内说完？"),
        p("A. 5 秒 √"),
        p("B. 15 秒"),
    )


def pictures_in_stems_and_choices() -> bytes:
    """Pictures in the line and beside it; one of a kind that no page can show."""
    return word_file(
        p("1. 下图中哪个灯亮表示断网？", picture("lamp", "光猫的指示灯")),
        p("A. ", picture("red"), TAB, "B. ", picture("green", floating=True)),
        p("答案：A"),
        p("2. 看机房示意图，光猫应当放在哪里？", picture("plan")),
        p("A. 弱电箱", TAB, "B. 阳台"),
        p("答案：A"),
        pictures={"lamp.png": png(200, 200, 0), "red.png": png(220, 0, 0), "green.png": png(0, 160, 0), "plan.emf": b"\x01\x00\x00\x00 EMF"},
    )


def blanks_as_underlined_spaces() -> bytes:
    """A line to write on is underlined spaces or tabs; one is a row of underscores."""
    return word_file(
        p("二、填空题（每空 1 分）"),
        p("1. 账单在次月", underlined("      "), "日出账，缴费截止日是", underlined("   "), underlined("   "), "日。"),
        p("答案：5；20"),
        p("2. 宽带单户断网要在", '<w:r><w:rPr><w:u w:val="single"/></w:rPr><w:tab/></w:r>', "小时内上门。"),
        p("答案：24"),
        p("3. 回访最多打____次。"),
        p("答案：3/三"),
    )


def notes_boxes_and_equations() -> bytes:
    """What no bank can hold is told at its question, the rest comes in."""
    notes = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f'<w:footnote w:id="2">{p("以当月公告为准")}</w:footnote></w:footnotes>'
    )
    equation = (
        "<m:oMath><m:f><m:num><m:r><m:t>接起量</m:t></m:r></m:num><m:den><m:r><m:t>呼入量</m:t></m:r></m:den></m:f></m:oMath>"
    )
    return word_file(
        p(text_box("内部资料，请勿外传")),
        p("1. 接通率怎样计算？", '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        p("A. ", equation),
        p("B. 呼入量除以接起量"),
        p("答案：A"),
        p("2. 机房面积 20 m", run("2", '<w:vertAlign w:val="superscript"/>'), " 以上要装几台空调？", text_box("见附件二")),
        p("A. 1 台", TAB, "B. 2 台"),
        p("答案：B"),
        p("3. 根据下表，哪个时段来电最多？",
          '<w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>'),
        p("A. 上午", TAB, "B. 晚上"),
        p("答案：B"),
        parts={"footnotes": notes},
    )


def one_paragraph_with_soft_breaks() -> bytes:
    """A question is one paragraph with line breaks in it; wide letters and spaces, choices on one line."""
    return word_file(
        p("１．客户说“你们就是骗子”，最合适的回应是哪一句？", BREAK, "Ａ．您说话客气一点　　Ｂ．我理解您着急，我们一起看账单", BREAK,
          "Ｃ．我也没办法", BREAK, "【答案】Ｂ", BREAK, "【解析】先接住情绪，再说事实。"),
        p("２．外呼时先问客户是否方便接听。（　√　）"),
    )


def bold_means_right_only_when_it_tells() -> bytes:
    """Bold marks the right choices, underlines too; bold in every choice, in stems and headings, or on one word, means nothing."""
    return word_file(
        p(bold("一、单选题")),
        p(bold("1. 客户挂断后的整理时间叫什么？")),
        p("A. 通话时长"),
        p(bold("B. 话后处理时长")),
        p("C. 等待时长"),
        p(bold("2. 质检最看重哪一项？")),
        p(bold("A. 语速")),
        p(bold("B. "), highlighted("是否解决问题")),
        p(bold("C. 音量")),
        p("3. 下列哪项", bold("不"), "属于敏感信息？"),
        p("A. 身份证号"),
        p("B. ", bold("家庭"), "住址和门牌号"),
        p("C. ", bold("公开的客服电话")),
        p("4. 下列哪项属于泄密？"),
        p(bold("A. 把客户电话发到私人群里")),
        p("B. 按流程核身"),
        p("5. 质检录音保存多久？"),
        p("A. 6 个月"),
        p("B. 12 个月"),
    )


def saved_by_old_word() -> bytes:
    """The first bytes of a .doc that somebody renamed."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


CASES: tuple[Callable[[], bytes], ...] = (
    counted_by_word_answers_in_red, lists_of_two_levels_by_style, choices_in_layout_tables, questions_in_a_table,
    changes_hidden_words_and_fields, ticks_and_boxes, pictures_in_stems_and_choices, blanks_as_underlined_spaces,
    notes_boxes_and_equations, one_paragraph_with_soft_breaks, bold_means_right_only_when_it_tells, saved_by_old_word,
)


def folder(case: Callable[[], bytes]) -> Path:
    """Where the zoo keeps a case."""
    return ZOO / case.__name__.replace("_", "-")


if __name__ == "__main__":
    for case in CASES:
        folder(case).mkdir(parents=True, exist_ok=True)
        (folder(case) / "input.docx").write_bytes(case())
