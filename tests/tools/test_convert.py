"""`ladder bank convert`, as an author meets it: nothing is lost, nothing is written unasked, a second import changes only what changed."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from ladder_tools.cli import main
from ladder_tools.convert import Conversion, Request, write_files

ROOT = Path(__file__).parents[2]
HEADER = ("题干", "题型", "选项A", "选项B", "选项C", "选项D", "正确答案", "解析")
RING = ("电话响几声之内要接起？", "单选题", "2 声", "3 声", "5 声", "", "B", "三声之内接起。")
BACK = ("投诉多少小时之内回访？", "单选题", "24 小时", "48 小时", "72 小时", "", "B", "")
CALM = ("客户着急时应当怎样做？", "多选题", "听他说完", "先打断他", "表示理解", "", "AC", "")
TRUE = ("核身之前可以报出客户的地址。", "判断题", "", "", "", "", "错误", "")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An author's working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    return tmp_path


def table(path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([header, *rows])
    path.write_text(buffer.getvalue(), encoding="utf-8")
    return path


def convert(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["bank", "convert", *map(str, arguments)], catch_exceptions=False)


def ids(text: str) -> list[str]:
    return re.findall(r"^## .*\{#(\S+)", text, re.MULTILINE)


# -- what comes in --------------------------------------------------------------------------------------------------


def test_a_table_becomes_a_bank_that_the_course_can_read(desk: Path) -> None:
    result = convert(table(desk / "服务.csv", [RING, CALM, TRUE]), "--to", "service.md")
    text = (desk / "service.md").read_text(encoding="utf-8")
    assert result.exit_code == 0
    assert "共 3 题：导入 3，导入但有提醒 0，未导入 0" in result.output
    assert "来源没有写的：解析 2 题、知识点 3 题、难度（按 2 计） 3 题" in result.output
    assert "id: service\ntitle: 服务\n" in text
    assert "- ( ) 2 声\n- (x) 3 声\n- ( ) 5 声\n> 三声之内接起。\n" in text
    assert "- [x] 听他说完\n- [ ] 先打断他\n- [x] 表示理解\n" in text
    assert "- ( ) 正确\n- (x) 错误\n" in text
    assert convert("service.md", "--to", "again.md").exit_code == 0
    assert (desk / "again.md").read_text(encoding="utf-8") == text.replace("id: service\n", "id: again\n")


def test_the_banks_of_the_course_are_written_as_they_are(desk: Path) -> None:
    banks = ROOT / "question_banks" / "agent-onboarding"
    shutil.copytree(banks, desk / "banks")
    result = convert("banks", "--to", "banks")
    assert result.exit_code == 0
    assert {path.name: path.read_text(encoding="utf-8") for path in (desk / "banks").glob("*.md")} == {
        path.name: path.read_text(encoding="utf-8") for path in banks.glob("*.md")
    }


def test_a_dry_run_shows_every_question_and_writes_nothing(desk: Path) -> None:
    broken = ("选哪个？", "单选题", "甲", "乙", "", "", "E", "")
    result = convert(table(desk / "in.csv", [RING, broken, TRUE]), "--to", "out.md", "--dry-run")
    assert result.exit_code == 1
    assert not (desk / "out.md").exists()
    rows = [line for line in result.output.splitlines() if line.startswith("│")]
    assert any("in.csv:2:1" in row and "导入" in row and "单选" in row and "│ B" in row for row in rows)
    assert any("in.csv:3:" in row and "未导入" in row for row in rows)
    assert "共 3 题：导入 2，导入但有提醒 0，未导入 1" in result.output
    assert "这是预演" in result.output


def test_a_refused_question_keeps_everything_from_being_written(desk: Path) -> None:
    broken = ("选哪个？", "单选题", "甲", "乙", "", "", "E", "")
    source = table(desk / "in.csv", [RING, broken])
    first = convert(source, "--to", "out.md")
    assert first.exit_code == 1
    assert not (desk / "out.md").exists()
    assert "没有写任何文件" in first.output
    second = convert(source, "--to", "out.md", "--keep-going")
    assert second.exit_code == 1
    assert len(ids((desk / "out.md").read_text(encoding="utf-8"))) == 1
    assert re.search(r"in\.csv:3:\d+: error ", second.output)


def test_a_file_of_no_known_format_is_refused_by_name(desk: Path) -> None:
    (desk / "noise.dat").write_bytes(bytes(range(256)))
    result = convert("noise.dat", "--to", "out.md")
    assert result.exit_code == 1
    assert "noise.dat:1:1: error source-unknown" in result.output


# -- the same question twice ----------------------------------------------------------------------------------------


def test_a_repeat_comes_in_once_and_is_told(desk: Path) -> None:
    shuffled = (RING[0].replace("？", "?"), "单选题", "5 声", "3 声", "2 声", "", "B", "")
    result = convert(table(desk / "in.csv", [RING, shuffled, BACK]), "--to", "out.md")
    assert result.exit_code == 0
    assert "in.csv:3:1: warning duplicate-question" in result.output
    assert "in.csv:2:1" in result.output
    assert "共 3 题：导入 2，导入但有提醒 0，未导入 1" in result.output
    assert len(ids((desk / "out.md").read_text(encoding="utf-8"))) == 2


def test_two_files_that_contradict_each_other_lose_the_question_and_say_both_keys(desk: Path) -> None:
    one = table(desk / "one.csv", [RING, TRUE])
    other = table(desk / "other.csv", [(*RING[:6], "C", "")])
    result = convert(one, other, "--to", "out.md", "--keep-going")
    assert result.exit_code == 1
    assert "one.csv:2:1: error conflicting-keys" in result.output
    assert "other.csv:2:1: error conflicting-keys" in result.output
    assert "3 声 / 5 声" in result.output
    assert "几声" not in (desk / "out.md").read_text(encoding="utf-8")


# -- into a bank that is there --------------------------------------------------------------------------------------


def test_the_same_import_again_changes_nothing(desk: Path) -> None:
    source = table(desk / "in.csv", [RING, CALM, TRUE])
    convert(source, "--to", "out.md")
    before = (desk / "out.md").read_bytes()
    result = convert(source, "--to", "out.md")
    assert "新增 0，修改 0，未变 3" in result.output
    assert (desk / "out.md").read_bytes() == before


def test_a_changed_key_changes_that_question_and_keeps_its_id_and_place(desk: Path) -> None:
    convert(table(desk / "in.csv", [RING, BACK, TRUE]), "--to", "out.md")
    before = (desk / "out.md").read_text(encoding="utf-8")
    result = convert(table(desk / "in.csv", [TRUE, (*BACK[:6], "A", ""), CALM]), "--to", "out.md")
    after = (desk / "out.md").read_text(encoding="utf-8")
    assert ids(after)[:3] == ids(before)
    assert "新增 1，修改 1，未变 1，来源里没有的 1（保留；用 --drop 删去）" in result.output
    assert f"  ~ {ids(before)[1]}" in result.output
    assert "选项或答案" in result.output
    assert "- (x) 24 小时" in after
    assert "几声之内" in after


def test_what_the_source_does_not_speak_of_stays_as_the_bank_has_it(desk: Path) -> None:
    convert(table(desk / "in.csv", [RING, BACK]), "--to", "out.md")
    path = desk / "out.md"
    text = path.read_text(encoding="utf-8")
    first = ids(text)[0]
    text = text.replace(f"{{#{first} d=2}}", f"{{#{first} d=4 kb=greeting#时限 marks=3 .fixed}}").replace("## 电话响几声之内要接起 ", "## 接起时限 ")
    text = text.replace("电话响几声之内要接起？", "电话响**几声**之内要接起？")
    path.write_text(text, encoding="utf-8")
    result = convert(table(desk / "in.csv", [RING, BACK]), "--to", "out.md")
    assert "修改 0，未变 2" in result.output
    assert path.read_text(encoding="utf-8") == text


def test_a_reworded_question_is_known_by_its_likeness_and_told(desk: Path) -> None:
    convert(table(desk / "in.csv", [RING, BACK]), "--to", "out.md")
    before = ids((desk / "out.md").read_text(encoding="utf-8"))
    result = convert(table(desk / "in.csv", [("客服电话响几声之内要接起？", *RING[1:]), BACK]), "--to", "out.md")
    assert "warning matched-by-likeness" in result.output
    assert ids((desk / "out.md").read_text(encoding="utf-8")) == before
    assert "客服电话响" in (desk / "out.md").read_text(encoding="utf-8")


def test_which_is_right_is_not_taken_for_another_question_that_asks_the_same(desk: Path) -> None:
    one = ("下列说法正确的是（ ）", "单选题", "先核身再查询", "先查询再核身", "不用核身", "", "A", "")
    two = ("下列说法正确的是（ ）", "单选题", "静音不超过 30 秒", "静音不限时间", "静音前不必说明", "", "A", "")
    convert(table(desk / "in.csv", [one]), "--to", "out.md")
    result = convert(table(desk / "in.csv", [two]), "--to", "out.md")
    assert "新增 1，修改 0，未变 0，来源里没有的 1" in result.output


def test_a_bank_that_experts_had_as_a_table_is_what_it_was(desk: Path) -> None:
    for bank in sorted((ROOT / "question_banks" / "agent-onboarding").glob("*.md")):
        shutil.copy(bank, desk / "bank.md")
        convert("bank.md", "--to", "experts.xlsx")
        result = convert("experts.xlsx", "--to", "bank.md")
        assert "新增 0，修改 0，" in result.output
        assert "来源里没有的 0" in result.output
        assert (desk / "bank.md").read_bytes() == bank.read_bytes()


def test_drop_removes_what_the_source_no_longer_has(desk: Path) -> None:
    convert(table(desk / "in.csv", [RING, BACK, TRUE]), "--to", "out.md")
    result = convert(table(desk / "in.csv", [RING, TRUE]), "--to", "out.md", "--drop")
    assert "来源里没有的 1（已删去）" in result.output
    assert "投诉多少小时" not in (desk / "out.md").read_text(encoding="utf-8")


def test_a_bank_with_a_fault_is_not_written_over(desk: Path) -> None:
    source = table(desk / "in.csv", [RING])
    convert(source, "--to", "out.md")
    path = desk / "out.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n## 半题 {#half}\n还没有写完\n", encoding="utf-8")
    before = path.read_bytes()
    result = convert(source, "--to", "out.md", "--keep-going")
    assert result.exit_code == 1
    assert "error no-answer" in result.output
    assert path.read_bytes() == before


# -- the knowledge base, folders, reports ---------------------------------------------------------------------------


def test_a_knowledge_point_is_found_by_the_title_of_its_article(desk: Path) -> None:
    article = desk / "courses" / "shop" / "kb" / "complaints.md"
    article.parent.mkdir(parents=True)
    article.write_text("---\nkind: article\ntitle: 投诉处理\n---\n## 时限\n48 小时。\n", encoding="utf-8")
    (desk / "question_banks" / "shop").mkdir(parents=True)
    header = (*HEADER, "知识点")
    source = table(desk / "in.csv", [(*BACK, "投诉处理#时限"), (*RING, "没有的条目")], header)
    result = convert(source, "--to", "question_banks/shop/basics.md")
    text = (desk / "question_banks" / "shop" / "basics.md").read_text(encoding="utf-8")
    assert "kb=complaints#时限" in text
    assert "in.csv:3:9: warning kb-unknown" in result.output
    assert result.output.count("kb-unknown") == 1


def moodle(name: str, data: bytes) -> str:
    """A quiz of one question with a picture."""
    picture = f'<file name="{name}" path="/" encoding="base64">{base64.b64encode(data).decode()}</file>'
    return (
        '<quiz><question type="truefalse"><name><text>流程</text></name><questiontext format="html"><text><![CDATA['
        f'<p>图中先核身。<img src="@@PLUGINFILE@@/{name}" alt="流程"></p>]]></text>{picture}</questiontext>'
        '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>'
    )


def test_a_picture_does_not_take_the_place_of_another_of_its_name(desk: Path) -> None:
    (desk / "static").mkdir()
    (desk / "static" / "flow.png").write_bytes(b"ours")
    (desk / "quiz.xml").write_text(moodle("flow.png", b"theirs"), encoding="utf-8")
    result = convert("quiz.xml", "--to", "out.md")
    assert result.exit_code == 0, result.output
    (name,) = re.findall(r"!\[流程\]\((\S+)\)", (desk / "out.md").read_text(encoding="utf-8"))
    assert (desk / "static" / "flow.png").read_bytes() == b"ours"
    assert (desk / "static" / name).read_bytes() == b"theirs"
    assert "out.md 没有变化" in convert("quiz.xml", "--to", "out.md").output


def test_a_picture_that_is_nowhere_is_told_when_it_should_go_along(desk: Path) -> None:
    (desk / "bank.md").write_text(
        "---\nkind: bank\ntitle: 甲\n---\n## 图 {#flow}\n先做哪一步？\n\n![流程](flow.png)\n\n- (x) 核身\n- ( ) 查询\n> 见图。\n", encoding="utf-8")
    assert "bank.md:5:1: warning missing-picture: 找不到图片“flow.png”" in convert("bank.md", "--to", "quiz.xml", "--format", "moodle").output
    (desk / "static").mkdir()
    (desk / "static" / "flow.png").write_bytes(b"picture")
    assert "missing-picture" not in convert("bank.md", "--to", "quiz.xml", "--format", "moodle").output
    assert base64.b64encode(b"picture").decode() in (desk / "quiz.xml").read_text(encoding="utf-8")


def test_a_folder_gets_one_bank_for_each_source(desk: Path) -> None:
    table(desk / "rings.csv", [RING])
    table(desk / "回访.csv", [BACK])
    result = convert("rings.csv", "回访.csv", "--to", "banks")
    assert result.exit_code == 0
    (named, other) = sorted((desk / "banks").iterdir(), key=lambda path: path.name, reverse=True)
    assert (named.name, other.name[:5]) == ("rings.md", "bank-")
    assert "title: 回访" in other.read_text(encoding="utf-8")


def test_two_sources_with_other_names_never_share_a_bank(desk: Path) -> None:
    for name, row in (("2024 投诉A卷", RING), ("2024 回访A卷", BACK), ("投诉", CALM), ("回访", TRUE)):
        assert convert(table(desk / f"{name}.csv", [row]), "--to", "banks").exit_code == 0
    texts = [path.read_text(encoding="utf-8") for path in (desk / "banks").iterdir()]
    assert [len(ids(text)) for text in texts] == [1] * 4
    assert len({re.search("^id: (.+)$", text, re.MULTILINE)[1] for text in texts}) == 4


def test_the_preview_names_cells_and_the_file_only_where_there_are_several(desk: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEADER, RING, BACK):
        book.active.append(row)
    (desk / "资料").mkdir()
    book.save(desk / "资料" / "题库 第三版.xlsx")
    one = convert("资料/题库 第三版.xlsx", "--to", "bank.md", "--dry-run").output
    assert re.findall(r"^│ (\S+)", one, re.MULTILINE) == ["Sheet!A2", "Sheet!A3"]
    several = convert("资料/题库 第三版.xlsx", table(desk / "in.csv", [CALM]), "--to", "bank.md", "--dry-run").output
    assert "│ 题库 第三版.xlsx:Sheet!A3 │" in several


# -- what cannot be read or written -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "data", "advice"), [
    ("空.xlsx", b"", "看看是否存好"),
    ("扫描.pdf", b"%PDF-1.7\n", "另存为 .docx；扫描件先做文字识别"),
    ("照片.docx.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF", "先做文字识别"),
    ("培训.pptx", b"PK\x03\x04", "把题目复制到 Word"),
    ("课程.mbz", b"\x1f\x8b\x08", "在 Moodle 的题库里导出为 Moodle XML"),
    ("题库.et", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为 .xlsx"),
    ("试卷.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为 .docx"),
    ("试卷.rtf", b"{\\rtf1\\ansi}", "另存为 .docx"),
    ("试卷.rar", b"Rar!\x1a\x07", "先解压"),
    ("网页.xls", b"<html><table><tr><td>1</td></tr></table></html>", "在浏览器里复制"),
    ("数据.bin", b"\x00\x01\x02", "用 --from 说明，可以是 aiken, content-library"),
])
def test_what_is_no_source_is_named_with_what_to_save_it_as(desk: Path, name: str, data: bytes, advice: str) -> None:
    (desk / name).write_bytes(data)
    result = convert(name, "--to", "bank.md", "--dry-run")
    assert result.exit_code == 1
    assert advice in result.output
    assert "paper-docx" not in result.output
    assert "预览" not in result.output


def test_a_folder_of_sources_says_to_name_them(desk: Path) -> None:
    (desk / "资料").mkdir()
    table(desk / "资料" / "in.csv", [RING])
    result = convert("资料", "--to", "banks")
    assert result.exit_code == 1
    assert "写明文件，例如 资料/*.xlsx" in result.output


def test_a_file_that_is_no_bank_stays_as_it_is(desk: Path) -> None:
    (desk / "note.md").write_text("# 笔记\n", encoding="utf-8")
    result = convert(table(desk / "in.csv", [RING]), "--to", "note.md", "--keep-going")
    assert "destination-not-bank" in result.output
    assert (desk / "note.md").read_text(encoding="utf-8") == "# 笔记\n"


def test_a_paper_does_not_take_the_place_of_its_source(desk: Path) -> None:
    convert(table(desk / "in.csv", [RING]), "--to", "paper.docx")
    before = (desk / "paper.docx").read_bytes()
    result = convert("paper.docx", "--to", "./paper.docx", "--keep-going")
    assert result.exit_code == 1
    assert "destination-is-source" in result.output
    assert (desk / "paper.docx").read_bytes() == before


@pytest.mark.parametrize("to", ["note.md/bank.md", "note.md/deep/bank.md"])
def test_a_destination_without_a_place_is_told(desk: Path, to: str) -> None:
    (desk / "note.md").write_text("# 笔记\n", encoding="utf-8")
    result = convert(table(desk / "in.csv", [RING]), "--to", to)
    assert result.exit_code == 1
    assert "写不进去" in result.output
    assert sorted(path.name for path in desk.iterdir()) == ["in.csv", "note.md"]


def test_a_destination_that_cannot_be_looked_at_is_told_in_one_line(desk: Path) -> None:
    result = convert(table(desk / "in.csv", [RING]), "--to", f"{'长' * 100}.md")
    assert result.exit_code == 1
    assert result.output.startswith("Error: Could not open file")


def test_a_report_without_a_place_is_told_and_the_bank_is_written(desk: Path) -> None:
    result = convert(table(desk / "in.csv", [RING]), "--to", "bank.md", "--report", "none/report.json")
    assert result.exit_code == 1
    assert "none/report.json:1:1: error destination-unwritable" in result.output
    assert (desk / "bank.md").exists()


def test_no_file_is_written_when_one_has_no_place(desk: Path) -> None:
    (desk / "note.md").write_text("# 笔记\n", encoding="utf-8")
    done = Conversion(Request((), desk), files={desk / "one.md": b"1", desk / "note.md" / "two.md": b"2"})
    with pytest.raises(OSError, match=r"note\.md/two\.md"):
        write_files(done)
    assert [path.name for path in desk.iterdir()] == ["note.md"]


def test_a_destination_that_could_be_several_formats_asks_which(desk: Path) -> None:
    source = table(desk / "in.csv", [RING])
    result = convert(source, "--to", "out.xml")
    assert result.exit_code == 2
    assert "olx" in result.output
    assert "moodle" in result.output
    assert convert(source, "--to", "out.xml", "--format", "moodle").exit_code == 0
    assert "用 --format 说明" in result.output
    nameless = convert(source, "--to", "out.png")
    assert nameless.exit_code == 2
    assert "看不出 out.png 是什么格式" in nameless.output


def test_what_the_destination_cannot_hold_is_told_by_question(desk: Path) -> None:
    (desk / "bank.md").write_text(
        "---\nkind: bank\ntitle: 甲\n---\n## 回访 {#call-back d=3 marks=3}\n多久**回访**？\n- (x) 48 小时\n- ( ) 3 天\n> 见规定。\n"
        "\n## 安抚 {#calm}\n怎样安抚？\n= 2 听完\n= 3 道歉\n> 见规定。\n", encoding="utf-8")
    result = convert("bank.md", "--to", "out.gift")
    assert "GIFT 装不下分值：1 题（call-back）" in result.output
    assert "call-back" in result.output
    olx = convert("bank.md", "--to", "problems", "--format", "olx", "--keep-going")
    assert olx.exit_code == 1
    assert re.search("没有简答题.*calm", olx.output)


def test_a_report_says_what_became_of_every_question_and_its_totals_add_up(desk: Path) -> None:
    broken = ("选哪个？", "单选题", "甲", "乙", "", "", "E", "")
    source = table(desk / "in.csv", [RING, broken, RING, CALM])
    convert(source, "--to", "out.md", "--report", "report.json", "--keep-going")
    report = json.loads((desk / "report.json").read_text(encoding="utf-8"))
    totals = report["totals"]
    assert totals["items"] == 4 == totals["imported"] + totals["warned"] + totals["refused"]
    assert [item["outcome"] for item in report["items"]] == ["imported", "refused", "refused", "imported"]
    assert [item["where"] for item in report["items"]] == [f"{source}:{row}:1" for row in (2, 3, 4, 5)]
    assert all(item["problems"] for item in report["items"] if item["outcome"] == "refused")
    convert(source, "--to", "other.md", "--report", "report.csv", "--dry-run")
    rows = list(csv.reader(io.StringIO((desk / "report.csv").read_bytes().decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["导入", "未导入", "未导入", "导入"]


def test_a_report_for_excel_holds_no_formula(desk: Path) -> None:
    convert(table(desk / "in.csv", [("=HYPERLINK(1)还是 A？", *RING[1:])]), "--to", "out.md", "--report", "report.csv")
    rows = list(csv.reader(io.StringIO((desk / "report.csv").read_bytes().decode("utf-8-sig"))))
    assert rows[1][3].startswith("'=HYPERLINK")
