"""The words of the problems that only imports and exports of questions have; the same shape as in `ladder.core.problem_texts`."""
# ruff: noqa: E501 (a table: one entry a line reads best)

from __future__ import annotations

from ladder.core.problem_texts import TEXTS, VALUE_TYPES

_ENTRIES: dict[str, tuple[str, str, str, str]] = {
    # -- the source as a whole ------------------------------------------------------------------------------------
    "source-unreadable": ("文件打不开：{detail}", "the file cannot be opened: {detail}", "核对路径和权限", "look at its path and permissions"),
    "source-too-big": ("文件超过 {limit} MB", "the file is larger than {limit} MB", "拆成几个文件", "divide it into several files"),
    "source-binary": ("这不是文本文件", "this is not a text file", "用 --from 说明格式，或另存为文本", "name its format with --from, or save it as text"),
    "source-encoding": ("认不出文件的编码", "the encoding of the file is unknown", "另存为 UTF-8", "save it as UTF-8"),
    "source-empty": ("文件里没有题目", "the file holds no question", "核对文件和 --from 的格式", "look at the file, and at the format of --from"),
    "source-unknown": ("认不出“{file}”的格式", "the format of {file} is unknown", "用 --from 说明，可以是 {known}", "name it with --from, one of {known}"),
    # -- every format ---------------------------------------------------------------------------------------------
    "not-kept": ("“{what}”没有保留：{value}", "{what} is not kept: {value}", "需要的话，写进题干或解析", "write it into the question or its explanation if it matters"),
    "duplicate-question": ("与 {where} 的题目相同", "the same question as at {where}", "删去一题；这里只导入前一题", "remove one of them; only the first comes in"),
    "conflicting-keys": ("与 {where} 的题目相同，答案却不同：{other} / {own}", "the same question as at {where}, with another key: {other} / {own}", "核对后改正一处；两题都没有导入", "find out which is right; neither comes in"),
    "same-id": ("id“{id}”已用于 {where} 的题目", "the id {id} is taken by the question at {where}", "换一个 id，或留空", "choose another id, or leave it out"),
    "matched-by-likeness": ("与题库里的“{id}”相近，当作修改", "taken as a change of {id}, which it is like", "若是新题，给它写上自己的 id", "give it an id of its own if it is new"),
    "kb-unknown": ("知识点“{value}”不是条目", "the knowledge point {value} is no article", "写条目的 id 或标题，例如 complaint-handling#时限", "write an article's id or title: complaint-handling#limits"),
    "type-not-held": ("{format} 没有{type}这种题型", "{format} has no question of the type {type}", "换一种格式，或改写题目", "choose another format, or rewrite the question"),
    "feature-not-held": ("{format} 装不下：{what}", "{format} cannot hold: {what}", "题库原文里仍有，导出件里没有", "it stays in the bank and is missing in the export"),
    "not-written-back": ("题目写成 Markdown 后读不回原样", "the question cannot be written so that it reads the same", "简化题干里的格式", "use simpler formatting"),
    # -- a question as tables, texts and Word write it (settle) ---------------------------------------------------
    "stem-missing": ("没有题干", "the question asks nothing", "在选项和答案之前写上题干", "write the question before its choices and its answer"),
    "answer-missing": ("没有答案", "there is no answer", "写上答案，例如“答案：B”", "write the answer, for example `Answer: B`"),
    "answer-unknown": ("看不懂答案“{answer}”", "the answer {answer} cannot be read", "写 {known} 里的", "write one of {known}"),
    "choice-unknown": ("答案是 {letter}，却没有这个选项", "the answer names {letter}, and no choice is called that", "只有 {known}；改答案，或补上选项", "there are {known}: change the answer, or add the choice"),
    "choices-missing": ("选择题只有 {count} 个选项", "a choice with {count} choices", "至少写两个选项，每个以 A. B. 开头", "write at least two, beginning with A. and B."),
    "choice-empty": ("选项 {letter} 是空的", "the choice {letter} is empty", "写上文字，或删去这个选项", "write its words, or remove it"),
    "conflicting-key": ("写的答案是 {written}，标出的选项是 {marked}", "the answer says {written}, the marked choice is {marked}", "核对后只留一处", "find out which is right, and keep one"),
    "one-key": ("多选题只有一个正确选项", "a multiple choice with one right choice", "若是单选题，改题型；若漏写答案，补上", "change its type if it is a single choice, or add what is missing"),
    "type-conflict": ("写的是“{said}”，按内容当作{expected}导入", "it is called {said} and comes in as {expected}, which it looks like", "核对题型、选项和答案", "look at its type, choices and answer"),
    "type-unknown": ("没有“{type}”这种题型，已按内容判断", "there is no type {type}: it was told from the content", "写单选题、多选题、判断题、填空题、简答题或论述题", "write single, multiple, judge, blank, short or essay"),
    "type-unheld": ("题库没有“{type}”这种题型", "no question of ours can be {type}", "改写成选择题、判断题、填空题或简答题", "rewrite it as a choice, a judgement, blanks or a short answer"),
    "judge-letter": ("判断题没有选项，答案“{answer}”按 A 正确、B 错误理解", "a judgement without choices: {answer} is read as A right, B wrong", "写“正确”或“错误”", "write right or wrong in words"),
    "judge-reworded": ("判断题的选项“{words}”改成了“正确、错误”", "the choices {words} of a judgement became 正确 and 错误", "若要保留原来的说法，把题型改成单选题", "call it a single choice to keep its words"),
    "blank-count": ("题干有 {stem} 个空，答案有 {answers} 个", "the stem has {stem} blanks, the answer has {answers}", "每空一个答案，用 | 或 ； 隔开；同一空的几种写法用 / 隔开", "write one answer a blank, divided by | or ;, and several for one blank divided by /"),
    "blank-unwritable": ("填空答案“{answer}”里有换行、| 或大括号", "the answer {answer} of a blank has a line end, | or braces in it", "改写答案，去掉这些符号", "rewrite it without them"),
    "blank-pattern": ("填空答案“{answer}”两头有 /，会被当作模式", "the answer {answer} stands between slashes and would be read as a pattern", "去掉两头的 /", "remove the slashes"),
    "no-key-points": ("参考答案没有分要点，整段算一个要点，{marks} 分", "the model answer is not divided: all of it is one key point of {marks} marks", "每个要点一行，末尾写（2分）", "write one key point a line, with (2 marks) at its end"),
    "points-shared": ("{count} 个要点没有写分数，按每题总分或每点 1 分分配，共 {marks} 分", "{count} key points say no marks: they share those of the question, or have 1 each; {marks} in all", "在每个要点末尾写（2分）", "write (2 marks) at the end of each"),
    "points-sum": ("要点合计 {sum} 分，题目是 {marks} 分", "the key points add up to {sum} marks, the question has {marks}", "让两者相等", "make them agree"),
    "marks-unknown": ("分值“{value}”不是大于 0、不超过 100 的数", "the marks {value} are no number over 0, at most 100", "写 2 或 2分", "write 2"),
    "difficulty-unknown": ("看不懂难度“{value}”", "the difficulty {value} cannot be read", "写易、较易、中、较难、难，或 1 到 5", "write easy, medium or hard, or 1 to 5"),
    # -- archives and XML -----------------------------------------------------------------------------------------
    "archive-broken": ("压缩包已损坏", "the archive is broken", "重新导出或下载一次", "export or download it again"),
    "archive-locked": ("“{name}”有密码", "{name} is locked with a password", "去掉密码再导入", "remove the password"),
    "archive-too-many": ("压缩包里超过 {limit} 个文件", "the archive holds more than {limit} files", "拆成几个", "divide it"),
    "archive-swells": ("“{name}”解压后过大", "{name} is too large when unpacked", "只放题目和图片", "leave only questions and pictures in it"),
    "archive-outside": ("“{name}”指向压缩包之外", "{name} leads outside the archive", "文件可能被人动过，向来源核实", "the file may have been tampered with: ask where it came from"),
    "xml-entity": ("XML 里定义了实体", "the XML defines entities", "题库文件用不着实体，向来源核实", "no question bank needs them: ask where the file came from"),
    "xml-broken": ("XML 有错：{detail}", "the XML is broken: {detail}", "重新导出一次", "export it again"),
    "xml-deep": ("XML 嵌套超过 {limit} 层", "the XML is nested more than {limit} deep", "向来源核实", "ask where the file came from"),
}

# What a question comes in as, as `type-conflict` says it.
_TYPES = {
    "single": {"zh": "单选题", "en": "a single choice"},
    "multiple": {"zh": "多选题", "en": "a multiple choice"},
    "judge": {"zh": "判断题", "en": "a judgement"},
    "blank": {"zh": "填空题", "en": "blanks to fill"},
    "short": {"zh": "简答题", "en": "a short answer"},
    "essay": {"zh": "论述题", "en": "an essay"},
}


def define() -> None:
    """Make these words known to every problem."""
    for code, (zh, en, hint_zh, hint_en) in _ENTRIES.items():
        TEXTS[code] = {"message": {"zh": zh, "en": en}, "hint": {"zh": hint_zh, "en": hint_en}}
    VALUE_TYPES.update(_TYPES)
