"""The words of the findings of `ladder bank check`; the same shape as in `problem_texts`, of which they are a part."""
# ruff: noqa: E501 (a table: one entry a line reads best)

from __future__ import annotations

LINT_ENTRIES: dict[str, tuple[str, str, str, str]] = {
    # -- one question ---------------------------------------------------------------------------------------------
    "long-right-choice": ("正确选项“{text}”的长度是最长的错误选项的 {times} 倍", "the right choice `{text}` is {times} times as long as the longest wrong one",
                          "各选项写得长短相近，细节放进解析", "make the choices about as long as each other; details belong in the explanation"),
    "odd-full-stop": ("只有选项“{text}”的句末标点与别的选项不同", "only the choice `{text}` differs from the others in its full stop", "各选项统一：都加句号，或都不加", "end all choices with a full stop, or none"),
    "odd-unit": ("只有选项“{text}”没有单位", "only the choice `{text}` has no unit", "给每个选项都写上单位", "write a unit in each choice"),
    "odd-number": ("正确选项“{text}”与别的选项形式不同：一边是数，一边是文字", "the right choice `{text}` differs in form: number here, words there", "各选项都写成数，或都写成文字", "write numbers in all choices, or words in all"),
    "key-in-stem": ("题干里还留着答案：{text}", "the stem still holds the answer: {text}", "删去它，题干的括号留空", "remove it and leave the brackets empty"),
    "answer-in-stem": ("题干里原样出现了正确答案“{text}”", "the stem says the right answer `{text}` word for word", "改写题干，或让错误选项也出现题干里的词", "say it otherwise, or let wrong choices use words of the stem too"),
    "unmarked-negation": ("题干反着问（“{word}”），容易看漏", "the stem asks for what is not so (`{word}`), easily overlooked", "加粗反问的词，如 下面哪些**不**属于…，或改成正着问", "set the word in bold, such as which is **not** …, or ask for what is so"),
    "double-negation": ("题干反着问，选项“{text}”又是否定句", "the stem asks for what is not so, and the choice `{text}` is negative too", "改成正着问，或把选项改成肯定句", "ask for what is so, or make the choice positive"),
    "others-not-last": ("选项“{text}”后面还有别的选项", "choices follow the choice `{text}`", "把它移到最后：它的位置固定，不随别的选项打乱", "put it last: it keeps its place when the others are shuffled"),
    "others-in-multiple": ("多选题里有选项“{text}”，不知道该只选它，还是全都选上", "the multiple choice offers `{text}`: is it to be chosen alone, or with all others?", "删去它，在每个正确的选项里写 x", "remove it and put an x into each right choice"),
    "letters-in-choice": ("选项“{text}”用字母指别的选项，选项打乱以后就错了", "the choice `{text}` names others by letter, which is wrong once choices are shuffled", "写出内容，或在大括号里加 .fixed", "write out what it means, or add .fixed in the braces"),
    "letters-in-explanation": ("解析用字母指选项（{text}），选项打乱以后就错了", "the explanation names choices by letter ({text}), which is wrong once they are shuffled", "写出选项的内容，或在大括号里加 .fixed", "quote the choice, or add .fixed in the braces"),
    "other-key-explained": ("解析说答案是“{text}”，标出的却是 {letters}", "the explanation says `{text}`, but {letters} is marked as right", "核对哪个对，解析里写出选项的内容", "find out which is right, and quote the choice in the explanation"),
    "equal-choices": ("选项“{text}”与“{other}”意思相同", "the choices `{text}` and `{other}` say the same", "删去或改写一个", "remove or change one of them"),
    "one-right": ("多选题“{id}”只有一个正确答案", "only one choice of the multiple choice `{id}` is right", "改用单选的 ( )，或补上别的正确答案", "use ( ) for a single choice, or mark the other right ones"),
    "all-right": ("多选题“{id}”的选项全都正确", "all choices of the multiple choice `{id}` are right", "加上不对的选项", "add choices that are wrong"),
    "yes-no-blank": ("空格只填“{text}”，猜也有一半能对", "the blank takes only `{text}`: half of all guesses are right", "改成判断题，或留出更要紧的词", "make it a judgement, or leave out a word that matters more"),
    "one-character-blank": ("空格只填一个字“{text}”", "the blank takes only the single character `{text}`", "留出整个词，或改成单选题", "leave out a whole word, or make it a single choice"),
    # -- the bank as a whole --------------------------------------------------------------------------------------
    "no-knowledge-point": ("{of} 题里有 {count} 题没有写知识点：{ids}", "{count} of {of} questions name no article: {ids}", "在大括号里写 kb=条目#标题，或在文件开头写 kb:", "write kb=article#heading in the braces, or kb: in the front matter"),
    "no-difficulty": ("{of} 题里有 {count} 题没有写难度，都按 2 算：{ids}", "{count} of {of} questions do not say how hard they are and count as 2: {ids}", "在大括号里写 d=1 到 d=5", "write d=1 to d=5 in the braces"),
    "letters-unbalanced": ("{of} 道 {choices} 选一的题里，答案是 {letter} 的有 {hits} 道（平均应有 {expected} 道）：{counts}", "of {of} questions with {choices} choices, {letter} is right in {hits} ({expected} would be even): {counts}", "调换一些题的选项次序", "move the choices of some questions about"),
    "judgements-unbalanced": ("{of} 道判断题里，答案是“{word}”的有 {hits} 道", "of {of} judgements, {hits} are `{word}`", "改写几题，让对和错各近一半", "turn some of them round, so that about half are right"),
    "longest-right": ("{of} 题里，最长的选项就是正确答案的有 {hits} 题（碰巧只该有 {expected} 题）", "the longest choice is right in {hits} of {of} questions (by chance {expected})", "把正确选项写短，或把错误选项写得一样长", "make right choices shorter or wrong ones as long"),
    "absolute-wrong": ("{of} 个带“一定、所有、必须”之类的选项里，只有 {hits} 个是对的（碰巧该有 {expected} 个）", "of {of} choices with words such as always, all, must only {hits} are right (by chance {expected})", "错误选项少用绝对的词，正确选项也可以用", "use absolute words less in wrong choices, and in right ones too"),
    "others-right": ("{of} 个“以上都对”之类的选项里有 {hits} 个是对的（碰巧只该有 {expected} 个）", "of {of} choices such as all of the above {hits} are right (by chance {expected})", "去掉几个，或让它有时不对", "remove some, or let it be wrong at times"),
    # -- several questions ----------------------------------------------------------------------------------------
    "repeated-question": ("题目“{id}”与 {place} 的“{other}”相同", "`{id}` asks the same as `{other}` at {place}", "删去一题", "remove one of them"),
    "conflicting-keys": ("与 {where} 的题目相同，答案却不同：{other} / {own}", "the same question as at {where}, with another key: {other} / {own}", "核对哪个答案对，改正或删去另一题", "find out which key is right, and correct or remove the other"),
    "near-question": ("题目“{id}”与 {place} 的“{other}”有 {percent}% 相同", "`{id}` is to {percent}% the same as `{other}` at {place}", "合成一题，或改问别的", "make one of them, or ask something else"),
}
