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
    "not-kept-often": ("“{what}”没有保留，共 {count} 题：{values}", "{what} is not kept, of {count} questions: {values}", "需要的话，写进题干、知识点或解析", "write it into the questions, their knowledge points or explanations if it matters"),
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
    # -- tables: xlsx, xls, csv -----------------------------------------------------------------------------------
    "sheet-no-header": ("这张表没有认得出的表头，没有导入", "this sheet has no header that is known and did not come in", "前十行里要有一行列名，至少有题干、答案", "write a row of column names among the first ten: 题干 and 答案 at least"),
    "sheet-hidden": ("这张表是隐藏的，没有导入", "this sheet is hidden and did not come in", "要导入的话，在 Excel 里取消隐藏", "unhide it if it should come in"),
    "sheet-too-big": ("表格太大，超过 {limit} 行或行里的格子太多", "the tables are too large: more than {limit} rows, or too many cells", "清除表格下方和右侧的空行空列，或拆成几个文件", "clear the empty rows and columns around the tables, or divide the file"),
    "workbook-none": ("这不是 Excel 工作簿", "this is no Excel workbook", "用 Excel 或 WPS 打开，另存为 .xlsx", "open it in Excel or WPS, and save it as .xlsx"),
    "column-unknown": ("不认得“{name}”这一列，没有导入", "the column {name} is unknown and did not come in", "改成认得的列名，如题干、题型、A、答案、解析、难度", "give it a known name: 题干, 题型, A, 答案, 解析, 难度"),
    "row-hidden": ("这一行是隐藏的，也导入了", "this row is hidden, and came in too", "不要的话，在表里删去", "delete it from the table if it should not"),
    "cell-too-long": ("这一格超过 {limit} 字", "this cell is longer than {limit} characters", "一格只放一题的内容；也看看引号是否成对", "keep one question a cell; see whether its quotes pair"),
    "cell-error": ("这一格是 Excel 的错误值 {value}", "this cell is the error {value}", "改好公式，或直接写上内容", "mend its formula, or write the value"),
    "cell-uncomputed": ("这一格的公式 {value} 没有存下结果", "the formula {value} in this cell has no stored value", "用 Excel 打开再保存一次，或粘贴为数值", "open and save it in Excel, or paste the value"),
    "cell-date": ("Excel 把这一格存成了日期 {value}", "this cell is stored as the date {value}", "若原来不是日期，把这一列设为文本再重填", "if it was no date, format the column as text and type it again"),
    "cell-day": ("Excel 把这一格变成了日期 {value}，原来写的（如 1-2）已丢失", "Excel made this cell the date {value}; what was typed, perhaps 1-2, is lost", "把这一列设为文本，再重填", "format the column as text, and type it again"),
    "cell-boolean": ("Excel 把这一格存成了 {value}，按“{words}”导入", "this cell is stored as {value} and comes in as {words}", "把这一列设为文本，写正确或错误", "format the column as text, and write 正确 or 错误"),
    "cell-digits": ("Excel 只保留数字的前 15 位：{value}", "only the first 15 digits of this number are kept: {value}", "把这一列设为文本，再重填", "format the column as text, and type it again"),
    "cell-zeros": ("数字 {value} 开头的 0 可能丢了", "the number {value} has perhaps lost its leading zeros", "把这一列设为文本，再重填", "format the column as text, and type it again"),
    "cell-unclosed": ("这一格的引号没有成对", "a quote in this cell is never closed", "补上引号；格内的引号写两个", "close it; write a quote inside a cell twice"),
    "cell-no-column": ("“{value}”上面没有列名，没有导入", "{value} stands under no column name and did not come in", "内容里有分隔符的，整格加引号；多出的列补上列名", "put a cell that holds the separator in quotes; name the column"),
    "xls-broken": ("旧版 Excel 文件打不开：{detail}", "the old Excel file cannot be opened: {detail}", "用 Excel 或 WPS 打开，另存为 .xlsx", "open it in Excel or WPS, and save it as .xlsx"),
    # -- Open edX (olx, olx-library, content-library, edx-markdown) ----------------------------------------------
    "olx-response": ("“{tag}”这种作答方式不能导入", "answers by {tag} cannot be read", "改写成单选、多选、下拉、文本或数字题", "rewrite it as a choice, a dropdown, a text or a number"),
    "olx-script": ("题目靠程序出题或判分", "a script makes or marks this problem", "把数值写死，改成普通题目", "write the values out, as a plain problem"),
    "olx-mixed": ("同一段里有 {count} 种作答，分不清题干各是哪一段", "{count} answers share one paragraph: their questions cannot be told apart", "每一问单独成段，或分成几个 problem", "give each its own paragraph, or its own problem"),
    "olx-divided": ("一个 problem 里有 {count} 问，已拆成 {count} 题", "the problem asks {count} things: each comes in as a question", "核对每题的题干是否完整", "see whether each still says all that it needs"),
    "olx-no-key": ("没有标出正确选项", "no choice is marked as right", "标出正确的选项", "mark the right one"),
    "olx-two-keys": ("单选题有 {count} 个正确选项", "a single choice with {count} right choices", "只留一个，或改成多选题", "keep one, or make it a multiple choice"),
    "olx-number": ("“{value}”不是数字", "{value} is no number", "把算式算出来，写成 48 这样的数", "work it out and write a number like 48"),
    "olx-pattern": ("正则表达式 {pattern} 太宽或太复杂", "the regular expression {pattern} is too wide or too complex", "改写成几个可接受的答案", "write out the answers that it accepts"),
    "olx-case": ("“{answer}”不再区分大小写", "{answer} is no longer case-sensitive", "填空不分大小写；要分就改成选择题", "blanks ignore case: make it a choice if it matters"),
    "olx-open-end": ("区间 {value} 的两端现在都算对", "both ends of {value} now count as right", "若端点不该算对，把区间收窄一点", "make the range a little narrower if they should not"),
    "olx-settings": ("没有保留这些设置：{names}", "these settings are not kept: {names}", "作答次数等由考试规定", "attempts and the like belong to the exam"),
    "olx-others": ("跳过了题目以外的内容：{counts}", "what is no problem is left out: {counts}", "课文等内容请另行迁移", "move lessons and the like by other means"),
    "olx-toml": ("读不懂这个文件：{detail}", "this file cannot be read: {detail}", "重新备份一次", "make the backup again"),
    "olx-no-file": ("缺少文件 {name}", "the file {name} is missing", "重新导出一次", "export it again"),
    "olx-unused": ("{count} 个 problem 文件不在课程结构里，没有导入", "{count} problem files belong to no unit and are left out", "若要导入，单独给出这些文件", "give these files by themselves if they matter"),
    # -- Moodle (gift, aiken, moodle) ---------------------------------------------------------------------------
    "asks-nothing": ("这段没有提问，没有导入：{text}", "this asks nothing and did not come in: {text}", "需要的话，写进题干", "write it into the stems if they need it"),
    "gift-braces": ("大括号不成对，或有好几组", "the braces do not pair, or there are several pairs", "一题只用一对 {{ }}，文字里的写成 \\{{ \\}}", "use one pair a question, and write \\{{ \\}} in texts"),
    "gift-pair": ("配对里少了 ->：{text}", "a pair without ->: {text}", "写成 =左边 -> 右边", "write =left -> right"),
    "few-pairs": ("配对题至少两对", "a matching question needs two pairs", "再写一对，或改成选择题", "write another, or make it a choice"),
    "matching-as-blanks": ("配对题改成了填空题，每对一个空", "the pairs became blanks, one each", "看看题干读起来是否通顺", "see whether the stem still reads well"),
    "choices-in-stem": ("第 {number} 空的选项写进了题干", "what blank {number} offers is now in the stem", "看看题干读起来是否通顺", "see whether the stem still reads well"),
    "moodle-no-key": ("没有得满分的选项", "no choice earns full marks", "给正确的选项 100%，GIFT 里写 =", "give the right one 100%, in GIFT write ="),
    "moodle-two-keys": ("单选题有 {count} 个得满分的选项", "a single choice with {count} choices that earn full marks", "只留一个，或改成多选题", "keep one, or let several be chosen"),
    "partly-right": ("“{text}”原来得 {share}% 的分，这里不得分", "{text} earned {share}% and earns nothing here", "若应算对，改成正确答案", "make it a right answer if it should count"),
    "unequal-shares": ("各选项的分值不等：{shares}", "the choices earn unequal shares: {shares}", "多选题的给分规则由考试决定", "exams decide what a partly right answer earns"),
    "penalty": ("选错扣分（{share}%）没有保留", "the penalty of {share}% for a wrong choice is not kept", "选错不得分，不倒扣", "a wrong choice earns nothing and costs nothing"),
    "case-ignored": ("原来区分大小写，这里不区分", "upper and lower case no longer differ", "确需区分的，改成选择题", "make it a choice if they must"),
    "wildcard": ("“{text}”里的 * 最多代表 {limit} 个字", "* in {text} now stands for {limit} characters at most", "能写全的，写成几个答案", "write the answers out where you can"),
    "answer-left-out": ("填空答案“{text}”不能用，没有导入", "the answer {text} cannot be used and did not come in", "去掉 | 和大括号；只有 * 的不算答案", "write it without | and braces; * alone is no answer"),
    "no-usable-answer": ("第 {number} 空没有能用的答案", "blank {number} has no answer that can be used", "写一个得满分的答案", "write one that earns full marks"),
    "bad-number": ("“{text}”不是数值", "{text} is no number", "写成 48、48:2 或 40..50", "write 48, 48:2 or 40..50"),
    "essay-without-key": ("论述题没有评分要点", "the essay does not say how to mark it", "写进评分信息 (graderinfo) 或总反馈，一行一个要点，行末写（2分）", "write key points into graderinfo or the general feedback, one a line, with (2 marks) at its end"),
    "moodle-type": ("“{type}”题型不能导入", "questions of the type {type} cannot come in", "改写成选择题、填空题或论述题", "make it a choice, blanks or an essay"),
    "moodle-file": ("图片“{name}”不在文件里", "the picture {name} is not in the file", "在 Moodle 里重新导出", "export it from Moodle again"),
    "aiken-no-answer": ("这道题没有 ANSWER 行", "this question has no ANSWER line", "在选项下面写 ANSWER: B", "write ANSWER: B below its choices"),
    "aiken-answer": ("没有选项 {letter}", "there is no choice {letter}", "ANSWER 后写一个选项的字母", "write the letter of a choice after ANSWER"),
    "aiken-stray": ("ANSWER 上面没有题目", "nothing stands above this ANSWER", "先写题干和选项", "write the question and its choices first"),
    # -- Word (docx) ----------------------------------------------------------------------------------------------
    "docx-old": ("这是旧版 Word 的 .doc 文件", "this is a .doc file of old Word", "用 Word 或 WPS 打开，另存为 .docx", "open it in Word and save it as .docx"),
    "docx-other": ("这不是 Word 的 .docx 文件", "this is no .docx file of Word", "用 Word 或 WPS 打开，另存为 .docx", "open it in Word and save it as .docx"),
    "docx-locked": ("打开这个 Word 文件要密码", "the Word file opens only with a password", "在 Word 里去掉密码，再保存一次", "remove the password in Word and save it again"),
    "docx-too-long": ("Word 文件太长", "the Word file is too long", "拆成几个文件，每个不超过 2000 题", "divide it into files of up to 2,000 questions"),
    "docx-hidden": ("隐藏的文字没有导入：{text}", "hidden words are left out: {text}", "需要的话，在 Word 里取消“隐藏”", "unhide them in Word if they matter"),
    "docx-equation": ("公式改成了一行文字：{text}", "an equation has become a line of text: {text}", "核对一遍，或换成图片", "check it, or put a picture in its place"),
    "docx-text-box": ("文本框里的字没有导入：{text}", "the words of a text box are left out: {text}", "把它们移到正文里", "move them into the text"),
    "docx-footnote": ("脚注没有导入：{text}", "a footnote is left out: {text}", "需要的话，写进题干或解析", "write it into the question or its explanation if it matters"),
    "docx-object": ("嵌入的对象没有导入：{text}", "an embedded object is left out: {text}", "截成图片，再插入", "put a picture of it in its place"),
    "docx-picture": ("图片“{text}”用不了", "the picture {text} cannot be used", "另存为 PNG 或 JPEG，再插入", "save it as PNG or JPEG and insert it again"),
    # -- Chinese text ---------------------------------------------------------------------------------------------
    "text-unplaced": ("这里不属于任何题目：{text}", "this belongs to no question: {text}", "若是题目的一部分，移到题目里；否则不用管", "move it into its question if it is part of one, else leave it"),
    "choice-twice": ("选项 {letter} 出现两次", "there are two choices {letter}", "改正选项的字母，或在两题之间加题号", "correct the letters, or number the question that begins here"),
    "material-repeated": ("前面的材料写进了本题题干", "the material above became part of this question", "几题共用材料时每题各有一份；核对是否都要", "each question that shares it has its own copy: see whether it needs it"),
    "key-without-question": ("答案里有第 {number} 题（{answer}），试卷里没有", "the key answers question {number} ({answer}), and there is none", "核对题号和大题", "look at the numbers and the sections"),
    "key-uneven": ("第 {low} 到 {high} 题要 {needed} 个答案，这里有 {found} 个", "questions {low} to {high} need {needed} answers, here are {found}", "补齐答案；多选题之间用空格隔开", "complete them; put spaces between those of multiple choices"),
    # -- QTI (qti12, qti2) ----------------------------------------------------------------------------------------
    "qti-type": ("“{name}”这种题目或作答方式不能导入", "questions of the kind {name} cannot come in", "改写成选择题、填空题或论述题", "make it a choice, blanks or an essay"),
    "qti-rule": ("看不懂判分规则“{name}”", "the rule {name} for marking cannot be read", "在原系统里改成“选对得分”再导出", "mark it by its right answer in the program it comes from, and export it again"),
    "qti-mixed": ("一题里混用了几种作答：{names}", "one item asks in several ways: {names}", "拆成几道题再导出", "make several items of it and export them again"),
    "qti-essay": ("问答题没有评分要点", "nothing says how to mark this essay", "把要点写进反馈或评分说明，一行一个，行末写（2分）", "write key points into its feedback or rubric, one a line, with (2 marks) at its end"),
    "qti-picture": ("包里没有图片“{name}”", "the picture {name} is not in the package", "连同图片重新导出，或补上图片", "export it together with its pictures, or add the picture"),
    "qti-twice": ("“{name}”在包里出现两次，只导入一次", "{name} is in the package twice and comes in once", "不用改", "nothing needs to change"),
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

CODES = frozenset(_ENTRIES)
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
