"""What stands in one paragraph of a Word file: words, symbols, fields, equations, pictures, changes, notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from ladder_tools.formats.encoding import clean
from ladder_tools.formats.word.lines import PICTURE, Line, Picture, Told, Writing
from ladder_tools.formats.word.math import M, linear, lowered, raised
from ladder_tools.formats.word.parts import Package, R, W, is_on, value_of
from ladder_tools.formats.word.styles import Look, Styles

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_O = "{urn:schemas-microsoft-com:office:office}"
_V = "{urn:schemas-microsoft-com:vml}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# What the fonts of symbols draw: Wingdings, and where it draws a bullet, Wingdings 2.
_SYMBOLS = dict(zip(
    b"\x6f\x71\xa8\xfb\xfc\xfd\xfe\x2a\x4f\x50\x51\x52\x53\x54\xa3\xb7\x6c\x6e\x75\xd8\xa7", "☐☐☐✗✓☒☑☐✗✓☒☑☒☒☐······", strict=True,
))
_PRIVATE = re.compile("[\uf020-\uf0ff]")
_CIRCLED = re.compile(r"\\o\s*(?:\\a[clr]\s*)?\(\s*[○〇◯]\s*[,;，；]\s*(\d{1,2})\s*\)", re.IGNORECASE)
_OVER = re.compile(r"\\f\s*\(([^(),;\\]*)[,;]([^(),;\\]*)\)", re.IGNORECASE)
_KINDS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"BM", "bmp"))
_NO_ALT = re.compile(r"[\\/\[\]()<>|*_`~{}&]|\.(?:png|jpe?g|gif|bmp)\Z", re.IGNORECASE)  # a path, or marks of Markdown
TOLD = 60  # characters


@dataclass
class _Field:
    """A field being read: its instruction, then its result, which is what people see."""

    instruction: list[str] = field(default_factory=list)
    shown: bool = False


class Runs:
    """Reads the paragraphs of one document. `pictures` and `told` grow as it goes on."""

    def __init__(self, package: Package, styles: Styles) -> None:
        self.pictures: list[Picture] = []
        self.told: list[Told] = []
        self._package = package
        self._styles = styles
        self._notes = {kind: _notes(package.part(f"{kind}s"), kind) for kind in ("footnote", "endnote")}
        self._places: dict[str, int] = {}
        self._known: dict[bytes, int] = {}
        self._number = 0
        self._writing = Writing()
        self._hidden: list[str] = []
        self._fields: list[_Field] = []
        self._unshown = 0  # how many of the open fields have not come to their results

    def read(self, node: etree._Element, number: int, style: str, label: str) -> tuple[Line, ...]:
        """The lines of a paragraph, with its automatic number; none for one that shows nothing else."""
        self._number, self._writing, self._hidden, self._fields, self._unshown = number, Writing(), [], [], 0
        self._writing.write(label, Look())
        self._inline(node, self._styles.paragraph(style))
        if self._hidden:
            self._tell("docx-hidden", "".join(self._hidden))
        lines = tuple(self._writing.lines())
        return () if len(lines) == 1 and lines[0].text == label else lines

    def tell_object(self, number: int, what: str) -> None:
        """Note something embedded between paragraphs."""
        self._number = number
        self._tell("docx-object", what)

    def _tell(self, code: str, text: str) -> None:
        words = " ".join(clean(text).split())
        self.told.append(Told(code, self._number, words if len(words) <= TOLD else words[: TOLD - 1] + "…"))

    def _inline(self, node: etree._Element, look: Look) -> None:
        for child in node.iterchildren("{*}*"):
            read = _WAYS.get(child.tag)
            if read:
                read(self, child, look)

    def _run(self, node: etree._Element, look: Look) -> None:
        self._inline(node, self._styles.look(node.find(W + "rPr"), look))

    # -- words ----------------------------------------------------------------------------------------------------------

    def _write(self, text: str, look: Look) -> None:
        if self._unshown:
            return
        if look.hidden:
            self._hidden.append(text)
            return
        if look.position in ("superscript", "subscript") and text.strip():
            text = raised(text) if look.position == "superscript" else lowered(text)
        self._writing.write(text, look)

    def _text(self, node: etree._Element, look: Look) -> None:
        text = (node.text or "").replace("\n", " ").replace(PICTURE, "")
        if node.get(_XML_SPACE) != "preserve":
            text = text.strip(" \t")
        if (look.font or "").startswith("Wingdings"):
            text = "".join(_SYMBOLS.get(ord(char), char) for char in text)
        self._write(_PRIVATE.sub(_symbol, clean(text)), look)

    def _sign(self, node: etree._Element, look: Look) -> None:
        sign = {"noBreakHyphen": "-", "br": "\n", "cr": "\n"}.get(etree.QName(node).localname, "\t")
        self._write(sign, look)

    def _sym(self, node: etree._Element, look: Look) -> None:
        try:
            code = int(value_of(node, "char"), 16)
        except ValueError:
            return
        font = value_of(node, "font")
        if font.startswith("Wingdings") or 0xF000 <= code <= 0xF0FF:
            self._write(_SYMBOLS.get(code & 0xFF, "·"), look)
        elif 0x20 <= code < 0xD800:
            self._write(clean(chr(code)), look)

    def _control(self, node: etree._Element, look: Look) -> None:
        """A content control: a box to tick, or words. Words that only say what to type there are none."""
        properties, content = node.find(W + "sdtPr"), node.find(W + "sdtContent")
        box = properties.find(_W14 + "checkbox") if properties is not None else None
        if box is not None:
            checked = box.find(_W14 + "checked")
            on = checked is not None and checked.get(_W14 + "val") not in ("0", "false")
            self._write("☑" if on else "☐", look)
        elif content is not None and not (properties is not None and is_on(properties.find(W + "showingPlcHdr"))):
            self._inline(content, look)

    def _alternate(self, node: etree._Element, look: Look) -> None:
        """The same thing for newer and older programs: the first is for us."""
        first = next(node.iterchildren(_C + "Choice", _C + "Fallback"), None)
        if first is not None:
            self._inline(first, look)

    # -- fields and equations ---------------------------------------------------------------------------------------------

    def _field(self, node: etree._Element, look: Look) -> None:
        kind = value_of(node, "fldCharType")
        if kind == "begin":
            box = node.find(f"{W}ffData/{W}checkBox")
            if box is not None:
                on = is_on(box.find(W + "checked")) or (box.find(W + "checked") is None and is_on(box.find(W + "default")))
                self._write("☑" if on else "☐", look)
            self._fields.append(_Field())
            self._unshown += 1
        elif kind == "separate" and self._fields:
            self._unshown -= not self._fields[-1].shown
            self._fields[-1].shown = True
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            self._unshown -= not ended.shown
            instruction = "".join(ended.instruction).strip()
            if instruction[:2].upper() == "EQ":
                self._drawn(instruction[2:], look)

    def _instruction(self, node: etree._Element, look: Look) -> None:
        if self._fields:
            self._fields[-1].instruction.append(node.text or "")

    def _drawn(self, instruction: str, look: Look) -> None:
        """An `EQ` field: a number in a circle, a fraction, or something to look at."""
        circled = _CIRCLED.search(instruction)
        if circled and 1 <= int(circled[1]) <= 20:
            self._write(chr(ord("①") + int(circled[1]) - 1), look)
            return
        text = clean(_OVER.sub(r"\1/\2", instruction)).strip()
        self._write(text, look)
        self._tell("docx-equation", text)

    def _equation(self, node: etree._Element, look: Look) -> None:
        text = clean(linear(node)).strip()
        self._write(text, look)
        self._tell("docx-equation", text)

    # -- pictures, objects, notes -------------------------------------------------------------------------------------------

    def _drawing(self, node: etree._Element, look: Look) -> None:
        boxes = [words for box in node.iter(W + "txbxContent") if (words := _words(box))]
        pictures = list(node.iter(_A + "blip", _V + "imagedata"))
        alt = next((found for shown in node.iter() if (found := shown.get("descr") or shown.get("alt"))), "")
        for picture in pictures:
            self._picture(picture.get(R + "embed") or picture.get(R + "id") or "", alt, look)
        if boxes:
            self._tell("docx-text-box", " ".join(boxes))
        uri = next((data.get("uri", "") for data in node.iter(_A + "graphicData")), "")
        if not boxes and not pictures and uri.endswith(("/chart", "/diagram", "/chartex")):
            self._tell("docx-object", uri.rpartition("/")[2])

    def _object(self, node: etree._Element, look: Look) -> None:
        program = next((ole.get("ProgID", "") for ole in node.iter(_O + "OLEObject")), "")
        self._tell("docx-object", program or "OLE")
        for picture in node.iter(_V + "imagedata"):
            self._picture(picture.get(R + "id", ""), "", look, needed=False)

    def _picture(self, relation: str, alt: str, look: Look, *, needed: bool = True) -> None:
        path, data = self._package.file(relation) or ("", b"")
        kind = next((kind for start, kind in _KINDS if data.startswith(start)), "")
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            kind = "webp"
        if not kind:
            if needed:
                self._tell("docx-picture", path.rpartition("/")[2] or relation)
            return
        if path not in self._places:  # by path: what lies there may be large, and shown ten thousand times
            self._places[path] = self._place(data, kind, " ".join(clean(alt).split()))
        self._write(f"{PICTURE}{self._places[path]}{PICTURE}", look)

    def _place(self, data: bytes, kind: str, words: str) -> int:
        """The number of a picture; the same one under two names is one."""
        if data not in self._known:
            self.pictures.append(Picture(data, kind, "" if _NO_ALT.search(words) or len(words) > TOLD else words))
            self._known[data] = len(self.pictures)
        return self._known[data]

    def _note(self, node: etree._Element, look: Look) -> None:
        kind = etree.QName(node).localname.removesuffix("Reference")
        self._tell("docx-footnote", self._notes[kind].get(value_of(node, "id"), ""))


def _symbol(sign: re.Match[str]) -> str:
    return _SYMBOLS.get(ord(sign[0]) & 0xFF, "·")


def _words(node: etree._Element) -> str:
    return " ".join("".join(part.text or "" for part in node.iter(W + "t")).split())


def _notes(root: etree._Element | None, kind: str) -> Mapping[str, str]:
    return {value_of(note, "id"): _words(note) for note in root.iterchildren(W + kind)} if root is not None else {}


_Way = Callable[[Runs, etree._Element, Look], None]
_WAYS: dict[str, _Way] = {
    W + "r": Runs._run,
    W + "t": Runs._text,
    **dict.fromkeys((W + name for name in ("tab", "ptab", "br", "cr", "noBreakHyphen")), Runs._sign),
    **dict.fromkeys(
        (W + name for name in (
            "hyperlink", "ins", "moveTo", "smartTag", "customXml", "fldSimple", "dir", "bdo", "ruby", "rubyBase",
        )),
        Runs._inline,
    ),
    W + "sym": Runs._sym,
    W + "sdt": Runs._control,
    W + "fldChar": Runs._field,
    W + "instrText": Runs._instruction,
    W + "drawing": Runs._drawing,
    W + "pict": Runs._drawing,
    W + "object": Runs._object,
    W + "footnoteReference": Runs._note,
    W + "endnoteReference": Runs._note,
    M + "oMath": Runs._equation,
    M + "oMathPara": Runs._equation,
    _C + "AlternateContent": Runs._alternate,
}
