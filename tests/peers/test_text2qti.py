"""Banks that text2qti and qti-package-maker write, read by us: what their authors marked as right is right here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ladder.core.question import Question, Type
from ladder_tools import formats
from ladder_tools.formats import Outcome, Reading, Source

PICTURE = b"\x89PNG\r\n\x1a\n"
QUIZ = """\
Quiz title: 工单基础
Quiz description: 新人第一周的测验

Title: 回复时限
Points: 2
1.  客户投诉的**首次回复**时限是多久？
... 见服务规范。
+   记得升级
-   不要拖延
a)  24 小时
... 这是宽带报障的时限
*b) 48 小时

2.  以下哪些要先核身？
[*] 办理退费
[ ] 查询营业时间
[*] 更改套餐

3.  通话中可以静音离开。
a)  True
*b) False

4.  首次回复是多少小时？
=   48 +- 2

5.  月费在什么范围？
=   [59, 60.5]

6.  一天多少小时？
=   24

7.  记录诉求的单子叫什么？
*   工单
*   服务工单

8.  怎样安抚客户？
... 先共情（2分）
    再给方案（3分）
___

9.  看图：
    ![流程](flow.png)
    下一步是 $x^2$ 吗？
a)  `登记`
*b) 派单

10. 上传录音。
^^^^

Text: 下面两题任选一题。

GROUP
pick: 1
points per question: 3

11. 接起电话先做什么？
*a) 问候
b)  核身

12. 挂断之前做什么？
*a) 确认
b)  静音

END_GROUP
"""
ITEMS = """
from qti_package_maker.package_interface import QTIPackageInterface
import sys
package = QTIPackageInterface("bank", verbose=False, allow_mixed=True)
package.add_item("MC", ("What comes first?", ["verify the caller", "refund", "hang up"], "verify the caller"))
package.add_item("MA", ("Which need a verified caller?", ["refund", "change of plan", "opening hours"], ["refund", "change of plan"]))
package.add_item("MATCH", ("Match each to its limit.", ["complaint", "fault"], ["48 hours", "24 hours", "72 hours"]))
package.add_item("NUM", ("Within how many hours?", 48.0, 2.0, True))
package.add_item("FIB", ("What records a request?", ["ticket", "service ticket"]))
if "canvas" in sys.argv[1]:
    package.add_item("MULTI_FIB", ("First [a], then [b].", {"a": ["log in"], "b": ["dispatch", "transfer"]}))
else:
    package.add_item("ORDER", ("Put in order.", ["greet", "verify", "log"]))
package.save_package(sys.argv[1], "bank.zip")
"""


def questions(reading: Reading) -> list[Question]:
    """What came in."""
    assert not [problem for problem in reading.problems if problem.severity == "error"]
    return [item.question for item in reading.items if item.question]


def right(question: Question) -> list[str]:
    """The words of the right choices."""
    return [choice.text for choice in question.choices if choice.correct]


@pytest.fixture
def quiz(tmp_path: Path) -> Reading:
    """The quiz above, as text2qti writes it."""
    (tmp_path / "quiz.txt").write_text(QUIZ, encoding="utf-8")
    (tmp_path / "flow.png").write_bytes(PICTURE)
    program = Path(sys.executable).with_name("text2qti")
    subprocess.run([program, "quiz.txt"], cwd=tmp_path, check=True, capture_output=True)
    return formats.read(Source("quiz.zip", (tmp_path / "quiz.zip").read_bytes()))


def test_each_type_of_text2qti_comes_in_with_its_key(quiz: Reading) -> None:
    single, multiple, judge, near, span, exact, text, essay, shown, first, last = questions(quiz)
    assert quiz.title == "工单基础"
    assert (single.title, single.marks, right(single)) == ("回复时限", 2, ["48 小时"])
    assert single.stem == "客户投诉的**首次回复**时限是多久？"
    assert all(words in single.explanation for words in ("见服务规范。", "记得升级", "不要拖延", "24 小时：这是宽带报障的时限"))
    assert (multiple.type, right(multiple)) == (Type.MULTIPLE, ["办理退费", "更改套餐"])
    assert (judge.type, right(judge)) == (Type.JUDGE, ["错误"])
    assert [question.blanks for question in (near, span, exact, text)] == [
        (("48±2",),), (("59..60.5",),), (("24",),), (("工单", "服务工单"),),
    ]
    assert [(point.marks, point.text) for point in essay.key_points] == [(2, "先共情"), (3, "再给方案")]
    assert "![流程](flow.png)" in shown.stem
    assert "\\\\(x^2\\\\)" in shown.stem
    assert right(shown) == ["派单"]
    assert quiz.pictures == {"flow.png": PICTURE}
    assert [question.marks for question in (first, last)] == [3, 3]


def test_what_text2qti_knows_and_we_do_not_is_told(quiz: Reading) -> None:
    (upload,) = [item for item in quiz.items if item.outcome is Outcome.REFUSED]
    assert [problem.code for problem in upload.problems] == ["qti-type"]
    assert sorted(problem.code for problem in quiz.problems) == ["asks-nothing", "not-kept"]


@pytest.mark.parametrize("engine", ["canvas_qti_v1_2", "blackboard_qti_v2_1"])
def test_each_type_of_qti_package_maker_comes_in_with_its_key(engine: str, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", ITEMS, engine], cwd=tmp_path, check=True, capture_output=True)
    (path,) = tmp_path.glob("*.zip")
    single, multiple, match, number, text, last = questions(formats.read(Source(path.name, path.read_bytes())))
    assert right(single) == ["verify the caller"]
    assert (multiple.type, right(multiple)) == (Type.MULTIPLE, ["refund", "change of plan"])
    assert match.blanks == (("48 hours",), ("24 hours",))
    assert number.blanks == (("48±2",),)
    assert text.blanks == (("ticket", "service ticket"),)
    assert last.blanks == ((("log in",), ("dispatch", "transfer")) if "canvas" in engine else (("greet",), ("verify",), ("log",)))
