"""Files made to harm whoever opens them. Each is made when asked for: some are large."""

from __future__ import annotations

import base64
import gzip
import io
import random
import re
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path

from old_excel import blip, shape, workbook

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{"&a" + str(n - 1) + ";" if n > 1 else "&a;"}{("&a" + str(n - 1) + ";" if n > 1 else "&a;") * 9}">' for n in range(1, 12))
    + "]>{body}"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]>{body}'
QUIZ = "<quiz><question type=\"essay\"><questiontext><text>&{name};</text></questiontext></question></quiz>"
PROBLEM = "<problem><p>&{name};</p><stringresponse answer=\"a\"><textline/></stringresponse></problem>"
ITEM = '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="a"><itemBody><p>&{name};</p></itemBody></assessmentItem>'
ITEM12 = "<questestinterop><item ident=\"a\"><presentation><material><mattext>&{name};</mattext></material></presentation></item></questestinterop>"
DOCUMENT = ('<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p>'
            "</w:body></w:document>")
SHEET = ('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{text}'
         "</t></is></c></row></sheetData></worksheet>")
_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/{part}" ContentType="{type}"/></Types>'
_RELATIONS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>'
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def zipped(parts: dict[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def word(document: str, more: dict[str, bytes | str] | None = None) -> bytes:
    return zipped({
        "[Content_Types].xml": _TYPES.format(part="word/document.xml", type=_WORD),
        "_rels/.rels": _RELATIONS.format(kind="officeDocument", target="word/document.xml"),
        "word/document.xml": document, **(more or {}),
    })


def excel(sheet: str, more: dict[str, bytes | str] | None = None) -> bytes:
    book = ('<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            '<sheets><sheet name="题" sheetId="1" r:id="rId1"/></sheets></workbook>')
    return zipped({
        "[Content_Types].xml": _TYPES.format(part="xl/workbook.xml", type=_EXCEL),
        "_rels/.rels": _RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": _RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        "xl/workbook.xml": book, "xl/worksheets/sheet1.xml": sheet, **(more or {}),
    })


def swelling(megabytes: int) -> bytes:
    """Zeros that pack a thousand to one."""
    return bytes(megabytes * 1_000_000)


def padded_picture(megabytes: int, end: bytes) -> bytes:
    """A picture that packs well, but not so well that it is refused for it."""
    return b"\x89PNG\r\n\x1a\n" + random.Random(7).randbytes(megabytes * 7_000) + bytes(megabytes * 1_000_000) + end


def picture_in_word() -> bytes:
    """Two pictures of the same bytes, shown again and again."""
    blip = ('<w:p><w:r><w:t>{n}. 甲</w:t></w:r><w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="rId{which}"/></w:drawing></w:r></w:p>')
    body = "".join(blip.format(n=n, which=n % 2) for n in range(5_000))
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/{n}.png"/>' for n in range(2)
    )
    return word(
        f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>',
        {"word/_rels/document.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>',
         **{f"word/media/{n}.png": padded_picture(40, b"") for n in range(2)}},
    )


def picture_in_excel() -> bytes:
    """One picture that lies on every cell."""
    drawing = '<d xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">{}</d>'.format("".join(
        f"<twoCellAnchor><from><col>0</col><row>{n}</row></from><blip r:embed='rId1'/></twoCellAnchor>" for n in range(20_000)
    ))
    return excel(SHEET.format(text="题干"), {
        "xl/worksheets/_rels/sheet1.xml.rels": _RELATIONS.format(kind="drawing", target="../drawings/drawing1.xml"),
        "xl/drawings/drawing1.xml": drawing, "xl/media/image1.png": padded_picture(40, b""),
        "xl/drawings/_rels/drawing1.xml.rels": _RELATIONS.format(kind="image", target="../media/image1.png"),
    })


def picture_in_old_excel() -> bytes:
    """One picture on fifty thousand shapes of old Excel."""
    return workbook([blip("png", padded_picture(15, b""))], [shape(0, row=number % 65_536, column=0) for number in range(50_000)])


def ring() -> bytes:
    """A workbook of old Excel whose chain of sectors leads back into itself: one byte is another."""
    data = bytearray((Path(__file__).parent / "tools/zoo/xls/written-by-libreoffice/input.xls").read_bytes())
    data[1692] ^= 8
    return bytes(data)


def pictures_in_qti() -> bytes:
    """Three pictures of one name, two of them alike, in each of many questions."""
    show = "".join(f'<matimage uri="{folder}/a.png"/>' for folder in "xyz")
    item = f'<item ident="i{{n}}"><presentation><material><mattext>甲</mattext>{show}</material><response_str ident="r"><render_fib/></response_str></presentation></item>'
    items = "".join(item.replace("{n}", str(n)) for n in range(3_000))
    return zipped({
        "imsmanifest.xml": "<manifest/>", "a.xml": f"<questestinterop>{items}</questestinterop>",
        **{f"{folder}/a.png": padded_picture(40, end) for folder, end in (("x", b"1"), ("y", b"2"), ("z", b"2"))},
    })


def files_in_moodle() -> bytes:
    """Many questions with a small picture of the same name each."""
    question = ('<question type="essay"><questiontext><text><![CDATA[<img src="@@PLUGINFILE@@/a.png">]]></text>'
                '<file name="a.png" encoding="base64">{}</file></questiontext></question>')
    return f"<quiz>{''.join(question.format(base64.b64encode(str(n).encode()).decode()) for n in range(15_000))}</quiz>".encode()


def lying() -> bytes:
    """A zip whose directory says that a member is smaller than it is."""
    data = bytearray(zipped({"imsmanifest.xml": b"<manifest>" + b" " * 5_000_000 + b"</manifest>"}))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.index(mark)
        data[at + offset : at + offset + 4] = struct.pack("<I", 10)
    return bytes(data)


def locked() -> bytes:
    data = bytearray(zipped({"imsmanifest.xml": b"<manifest/>"}))
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.index(mark)
        data[at + offset] |= 1
    return bytes(data)


def tar(name: str, *, link: str = "", content: bytes = b"<problem/>", mode: str = "w:gz") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        member = tarfile.TarInfo(name)
        if link:
            member.type, member.linkname = tarfile.SYMTYPE, link
        member.size = 0 if link else len(content)
        archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def sparse(members: int, megabytes: int) -> bytes:
    """Members of an old GNU tar that are nothing but holes: a few hundred bytes that unpack to gigabytes."""
    plain = io.BytesIO()
    for number in range(members):
        header = bytearray(tarfile.TarInfo(f"course/problem/{number}.xml").tobuf(tarfile.GNU_FORMAT))
        header[156:157] = tarfile.GNUTYPE_SPARSE
        whole = f"{megabytes * 1_000_000:011o}\0".encode()
        header[386:410] = whole + b"00000000000\0"  # one piece, at the end, of no bytes
        header[483:495] = whole
        header[148:156] = b" " * 8
        header[148:156] = f"{sum(header):06o}\0 ".encode()
        plain.write(header)
    plain.write(bytes(1024))
    return gzip.compress(plain.getvalue(), 9, mtime=0)


def overlapping(members: int, megabytes: int) -> bytes:
    """Members of a tar that say they are longer than they are: each is read through all that follow it."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for number in range(members):
            member = tarfile.TarInfo(f"course/problem/{number}.xml")
            member.pax_headers = {"GNU.sparse.realsize": str(megabytes * 1_000_000)}
            archive.addfile(member)
        last = tarfile.TarInfo("course/problem/last.xml")
        last.size = megabytes * 1_000_000
        archive.addfile(last, io.BytesIO(bytes(last.size)))
    return plain.getvalue()


def odd_tar(kind: bytes) -> bytes:
    """A tar with a member that is neither a file nor a folder."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        member = tarfile.TarInfo("course/problem/a.xml")
        member.type = kind
        archive.addfile(member)
    return plain.getvalue()


def bzipped() -> bytes:
    """A zip whose one member is packed by bzip2, four hundred million zeros, and says that it is small."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive, archive.open("imsmanifest.xml", "w") as file:
        for _ in range(400):
            file.write(bytes(1_000_000))
    data = bytearray(buffer.getvalue())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 100_000)
    return bytes(data)


def linked() -> bytes:
    """A zip with a symbolic link, as Unix packs one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        member = zipfile.ZipInfo("imsmanifest.xml")
        member.create_system, member.external_attr = 3, 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    return buffer.getvalue()


def nested(open_: str, close: str, count: int, around: str = "{}") -> bytes:
    return around.format(open_ * count + "x" + close * count).encode()


def worst(frame: str, units: Iterable[str], *, size: int = 30_000, end: str = "\n\n") -> str:
    """The frame once for each unit, with a long run of it at %s and its number at #."""
    runs = (unit * (size // len(unit)) for unit in units)
    return end.join(re.sub("%s|#", lambda mark, run=run, n=n: run if mark[0] == "%s" else str(n), frame) for n, run in enumerate(runs, 1))


# What makes a pattern that is written without care try again and again.
IN_PAPERS = ("（", "(", "A.", "A. ", "A ", "A  B ", "1、", "1. ", "A", "a) ", "【答案】", "【", "[答案]", "（ ）", "()", "____ ", "_", "√ ", "对 ", "。对", "**", "** a", "① ", "（A）",
             "(30)", "((a;;b))", "1-5 A", "/", "；", "、", "A. B. ", "（2分）", "- ", "# ", "— ", "|", "{{", "{{1}}", "[单选题]", "[全部]", "[x] ", "□", "答案 ", "1 ", "1-", "关键词：", "要点", "1-2 A; ", "A甲", "A\t", "□甲 ", "a.甲 ", "1A ", "_①", "AB ")
IN_RECORDS = ("~a", "=a", "=a->b ", "\\", "####", "%50%", "// [id:", "_", " ", "[", "#1")
IN_CLOZE = ("{1:SA:", "{1:SA:=a}", "_", "[[1]]", "\\", "@@PLUGINFILE@@/", "*", "= 2 x\n", "（2分）", "&#")
IN_HTML = ("[", "*", "<", "&", "{", "`", "\\", " ", "\u3000", "&nbsp;", "<b>", "<br>", "<img src=x>", "<td>", "<li>", "1. ")
IN_EDX = (">>", "[[\n", "{{", "[explanation]\n", "(x) {{", "= ", "||", "{", "(", "{{ ((", "[[a,", "<b>")
EXPRESSIONS = ("(", "a|", "[", "\\", "(a", "(a|b)", "{1,2}", "(?:", "|")
_ESSAY = ("<question type='{type}'><name><text>#</text></name><questiontext format='{format}'><text>%s</text></questiontext><answer fraction='100'><text>%s</text></answer>"
          "<graderinfo format='plain_text'><text>%s</text></graderinfo></question>")
_REGEXP = "<problem><p>#</p><stringresponse answer='%s' type='regexp'><textline/></stringresponse></problem>"
_ITEM12 = ("<item ident='#'><presentation><material><mattext>第 # 问？</mattext></material>{}</presentation><resprocessing><respcondition><conditionvar>"
           "<varequal respident='0'>A</varequal></conditionvar><setvar action='Set'>100</setvar></respcondition></resprocessing></item>")
_RESPONSE = "<response_lid ident='{}'><render_choice><response_label ident='A'/></render_choice></response_lid>"


def quiz(type_: str, format_: str, units: Iterable[str]) -> bytes:
    frame = _ESSAY.format(type=type_, format=format_)
    return f"<quiz>{worst(frame, map(escape, units), size=10_000)}</quiz>".encode()


_CDATA = "<quiz><question type='truefalse'><questiontext format='html'><text><![CDATA[{}]]></text></questiontext></question></quiz>"

# Name of the file: what makes it. The name before the dot says what is wrong with it.
FILES: dict[str, Callable[[], bytes]] = {
    "slip.zip": lambda: zipped({"imsmanifest.xml": "<manifest/>", "../../evil.xml": "<x/>"}),
    "slip.docx": lambda: word(DOCUMENT.format(text="1. 甲"), {"../../evil.xml": "<x/>"}),
    "slip.xlsx": lambda: excel(SHEET.format(text="题干"), {"/etc/evil": "x"}),
    "slip-drive.zip": lambda: zipped({"imsmanifest.xml": "<manifest/>", "C:\\evil.xml": "<x/>"}),
    "slip.tar.gz": lambda: tar("../evil.xml"),
    "link.tar.gz": lambda: tar("course/problem/a.xml", link="/etc/passwd"),
    "bomb.zip": lambda: zipped({"imsmanifest.xml": swelling(300)}),
    "bomb.docx": lambda: word("<x/>", {"word/media/image1.png": swelling(300)}),
    "bomb.xlsx": lambda: excel("<x/>", {"xl/sharedStrings.xml": swelling(300)}),
    "bomb.tar.gz": lambda: tar("course/course.xml", content=swelling(300)),
    "sparse60.tar.gz": lambda: sparse(60, 45),
    "sparse-many.tar.gz": lambda: sparse(20_000, 50),
    "overlapping.tar": lambda: overlapping(2_000, 40),
    "fifo.tar": lambda: odd_tar(tarfile.FIFOTYPE),
    "unknown-kind.tar": lambda: odd_tar(b"Z"),
    "bzip2.zip": bzipped,
    "link.zip": linked,
    "long-name.zip": lambda: zipped({"a" * 60_000 + "/imsmanifest.xml": "<manifest/>"}),
    "deep-folders.zip": lambda: zipped({"a/" * 5_000 + "imsmanifest.xml": "<manifest/>"}),
    "lying.zip": lying,
    "locked.zip": locked,
    "many.zip": lambda: zipped({f"items/{number}.xml": b"" for number in range(30_000)}),
    "laughs-moodle.xml": lambda: LAUGHS.replace("{body}", QUIZ.format(name="a11")).encode(),
    "laughs-olx.xml": lambda: LAUGHS.replace("{body}", PROBLEM.format(name="a11")).replace("DOCTYPE quiz", "DOCTYPE problem").encode(),
    "laughs-qti.xml": lambda: LAUGHS.replace("{body}", ITEM.format(name="a11")).encode(),
    "laughs-qti12.xml": lambda: LAUGHS.replace("{body}", ITEM12.format(name="a11")).encode(),
    "laughs-utf16.xml": lambda: LAUGHS.replace("{body}", QUIZ.format(name="a11")).encode("utf-16"),
    "laughs.docx": lambda: word(LAUGHS.replace("{body}", DOCUMENT.format(text="&a11;"))),
    "laughs.xlsx": lambda: excel(LAUGHS.replace("{body}", SHEET.format(text="&a11;"))),
    "outside.xml": lambda: OUTSIDE.replace("{body}", QUIZ.format(name="x")).encode(),
    "outside.docx": lambda: word(OUTSIDE.replace("{body}", DOCUMENT.format(text="&x;"))),
    "outside.xlsx": lambda: excel(OUTSIDE.replace("{body}", SHEET.format(text="&x;"))),
    "cell-100-mb.xlsx": lambda: excel(SHEET.format(text="a" * 100_000_000)),
    "cell-40-mb.xlsx": lambda: excel(SHEET.format(text="".join(map(str, range(6_000_000))))),
    "cell-100-mb.csv": lambda: "题干,题型,选项A,选项B,正确答案\n".encode() + b'"' + b"a" * 100_000_000 + b'",x,a,b,A\n',
    "cell-20-mb.csv": lambda: "题干,题型,选项A,选项B,正确答案\n".encode() + b'"' + b"a" * 20_000_000 + b'",x,a,b,A\n',
    "deep.xml": lambda: nested("<a>", "</a>", 100_000),
    "deep-moodle.xml": lambda: nested("<b>", "</b>", 30_000, _CDATA),
    "deep-problem.xml": lambda: nested("<div>", "</div>", 240, "<problem>{}</problem>"),
    "deep.docx": lambda: word(nested("<w:sdt xmlns:w='u'>", "</w:sdt>", 50_000).decode()),
    "deep.gift": lambda: nested("{", "}", 100_000),
    "deep.md": lambda: b"---\nkind: bank\ntitle: x\n---\n## a {#a}\n" + b"> " * 20_000 + b"x\n",
    "nul.txt": lambda: "1. 甲\nA. 一\nB. 二\n答案：A\n".encode() + b"\x00" * 1000,
    "nul.csv": lambda: "题干,答案\n甲\x00,A\n".encode(),
    "nul.gift": lambda: b"a {=b\x00 ~c}\n",
    "broken.zip": lambda: zipped({"imsmanifest.xml": b"<manifest/>" * 100})[:-30],
    "broken.docx": lambda: word(DOCUMENT.format(text="1. 甲"))[:400],
    "broken.xlsx": lambda: b"PK\x03\x04" + b"\x00" * 500,
    "broken.xls": lambda: bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 4000,
    "page-deep.xls": lambda: b"<html>" + b"<table><tr><td>" * 20_000,
    "page-nested.xls": lambda: b"<html>" + b"<table><tr><td>" * 60 + b"<tr><td>x</td></tr>" * 29_000,
    "page-spans.xls": lambda: b"<table>" + b"<tr><td rowspan=30000 colspan=200>x</td></tr>" * 29_000,
    "old-word.docx": lambda: bytes.fromhex("D0CF11E0A1B11AE1") + b"W\x00o\x00r\x00d\x00" * 2000,
    "broken.tar.gz": lambda: tar("course/course.xml")[:-20],
    "brackets.txt": lambda: "1. 甲（A）\nA. 一\nB. 二\n".encode() + "（".encode() * 300_000,
    "letters.txt": lambda: "1. 甲（A）\n".encode() + b"A. " * 200_000,
    "numbers.txt": lambda: "1、".encode() * 200_000,
    "spaces.txt": lambda: "1. 甲\nA. 一\nB. 二\n答案：A".encode() + b" " * 1_000_000 + "\n甲".encode(),
    "tildes.gift": lambda: b"::a::b {" + b"~" * 300_000 + b"}\n",
    "backslashes.gift": lambda: b"a {=b" + b"\\" * 1_000_000 + b"}\n",
    "columns.csv": lambda: "题干,答案\n".encode() + b"," * 1_000_000 + b"\n",
    "worst.txt": lambda: ("一、单选题\n" + worst("#. 题（A）%s\nA. 甲\nB. 乙%s\n", IN_PAPERS, size=5_000)).encode(),
    "worst-lines.txt": lambda: ("一、单选题\n1. 题\n" + worst("%s\n一%s题", IN_PAPERS, size=10_000)).encode(),
    "worst-answers.txt": lambda: ("一、填空题\n" + worst("#. 题____%s\n答案：%s", IN_PAPERS, size=5_000)).encode(),
    "worst-blanks.txt": lambda: ("一、填空题\n" + worst("#. 题____%s", IN_PAPERS, size=5_000)).encode(),
    "worst-key.txt": lambda: ("一、简答题\n" + worst("#. 题%s", IN_PAPERS, size=5_000) + "\n参考答案\n" + worst("#. %s", IN_PAPERS, size=5_000)).encode(),
    "worst-aiken.txt": lambda: worst("What?\nA. one\nB. two\nANSWER: A\n%s", ("A. x\n", "ANSWER: A\n", "x\n", " ", "\n", "1.")).encode(),
    "worst.gift": lambda: worst("::#::问{=%s}\n\n问%s{T}\n\n问{#%s}", IN_RECORDS).encode(),
    "worst-cloze.xml": lambda: quiz("cloze", "html", IN_CLOZE),
    "worst-essay.xml": lambda: quiz("essay", "moodle_auto_format", IN_CLOZE),
    "worst-html.xml": lambda: quiz("shortanswer", "html", IN_HTML),
    "worst-edx.md": lambda: (">>问<<\n( ) 一\n(x) 二\n---\n" + worst(">>问<<\n= 1\n%s", IN_EDX, end="\n---\n")).encode(),
    "worst.olx.xml": lambda: f"<library>{worst(_REGEXP, EXPRESSIONS)}</library>".encode(),
    "responses.qti12.xml": lambda: f"<questestinterop>{_ITEM12.format(''.join(map(_RESPONSE.format, range(10_000))))}</questestinterop>".encode(),
    "markup.docx": lambda: word('<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
                                + "".join(map("<w:p w:id='{}'/>".format, range(700_000))) + "</w:body></w:document>"),
    "line.docx": lambda: word(DOCUMENT.format(text="1. " + "".join(chr(0x4E00 + n % 20_000) for n in range(200_000)))),
    "sums.olx.xml": lambda: b"<problem><stringresponse answer='" + b"(a|" * 30_000 + b"' type='regexp'><textline/></stringresponse></problem>",
    "ring.xls": ring,
    "picture.docx": picture_in_word,
    "picture.xlsx": picture_in_excel,
    "picture.xls": picture_in_old_excel,
    "pictures.qti12.zip": pictures_in_qti,
    "files-moodle.xml": files_in_moodle,
    "dimension.xlsx": lambda: excel(SHEET.format(text="题干").replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
                                    .replace('</row>', '</row><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>')),
}
