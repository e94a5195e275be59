"""Word files as Word itself writes them, for the zoo and for tests: XML by the piece.

The cases of the zoo are in `word_cases`.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml", "png": "image/png",
    "emf": "image/x-emf", "jpg": "image/jpeg",
}
_FLOATING = 'simplePos="0" relativeHeight="2" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"'
_ANCHOR = (
    '<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column"><wp:posOffset>0</wp:posOffset></wp:positionH>'
    '<wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>'
)
_PAGE = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440"/></w:sectPr>'


# -- the parts of a paragraph -----------------------------------------------------------------------------------------


def run(text: str, properties: str = "") -> str:
    """Words with the look that the properties give them: `<w:b/>`."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def red(text: str) -> str:
    return run(text, '<w:color w:val="FF0000"/>')


def bold(text: str) -> str:
    return run(text, "<w:b/>")


def underlined(text: str) -> str:
    return run(text, '<w:u w:val="single"/>')


def highlighted(text: str) -> str:
    return run(text, '<w:highlight w:val="yellow"/>')


BREAK, TAB = "<w:r><w:br/></w:r>", "<w:r><w:tab/></w:r>"


def sign(code: str, font: str = "Wingdings") -> str:
    """A symbol as Word's table of symbols inserts it."""
    return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'


def paragraph(*parts: str, style: str = "", list_: int = 0, level: int = 0) -> str:
    """A paragraph of runs or of plain words; `list_` numbers it."""
    runs = "".join(part if part.startswith("<") else run(part) for part in parts)
    numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_}"/></w:numPr>' if list_ else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{numbered}</w:pPr>{runs}</w:p>"


def table(*rows: Iterable[str]) -> str:
    """A table; a cell that is no paragraph yet becomes one."""
    filled = [[cell if cell.startswith("<w:p>") else paragraph(cell) for cell in row] for row in rows]
    columns = max(map(len, filled))
    width = 9000 // columns
    of_cell = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
    cells = "".join(f"<w:tr>{''.join(f'<w:tc>{of_cell}{cell}</w:tc>' for cell in row)}</w:tr>" for row in filled)
    grid = f'<w:gridCol w:w="{width}"/>' * columns
    return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{cells}</w:tbl>'


def picture(relation: str, words: str = "", *, floating: bool = False) -> str:
    """A picture in the line, or one that text flows around."""
    kind, place, flow = ("anchor", _ANCHOR, "<wp:wrapSquare wrapText=\"bothSides\"/>") if floating else ("inline", "", "")
    size = 'cx="360000" cy="360000"'
    opened = f'wp:{kind} distT="0" distB="0" distL="0" distR="0"' + (f" {_FLOATING}" if floating else "")
    shape = f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    return (
        f"<w:r><w:drawing><{opened}>{place}<wp:extent {size}/>{flow}<wp:docPr id=\"1\" name=\"p\" descr={quoteattr(words)}/><a:graphic>"
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        '<pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>{shape}</pic:pic></a:graphicData></a:graphic></wp:{kind}>'
        "</w:drawing></w:r>"
    )


def text_box(words: str) -> str:
    """A text box, as new Word and old Word each want it."""
    content = f"<w:txbxContent>{paragraph(words)}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData '
        f'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp>'
        f"</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{content}"
        "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def field(instruction: str, result: str) -> str:
    """A field with its instruction, which nobody sees, and its result."""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{escape(instruction)}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def box(*, ticked: bool) -> str:
    """A content control to tick."""
    return (
        f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{int(ticked)}"/></w14:checkbox></w:sdtPr><w:sdtContent>'
        f'{run("☒" if ticked else "☐")}</w:sdtContent></w:sdt>'
    )


def png(red: int, green: int, blue: int) -> bytes:
    """A small picture of one colour."""
    rows = b"".join(b"\x00" + bytes((red, green, blue)) * 8 for _ in range(8))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


# -- the file -----------------------------------------------------------------------------------------------------------


def level(number: int, number_format: str, text: str, more: str = "") -> str:
    """A level of a list. `more` stands where the schema wants it: `pStyle`, `isLgl`, `suff`."""
    indent = f'<w:pPr><w:ind w:left="{420 * (number + 1)}" w:hanging="420"/></w:pPr>'
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>{more}<w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/>{indent}</w:lvl>'
    )


def numbering(*abstract: str, lists: Iterable[tuple[int, int, bool]]) -> str:
    """Lists: the levels of each kind, then number, kind and whether it starts again at one of each list."""
    kinds = "".join(f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>' for number, levels in enumerate(abstract))
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    nums = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{kind}"/>{again if restart else ""}</w:num>' for number, kind, restart in lists
    )
    return f"<w:numbering {_NAMES}>{kinds}{nums}</w:numbering>"


def word_file(*body: str, parts: dict[str, str] | None = None, pictures: dict[str, bytes] | None = None) -> bytes:
    """A Word file. `parts` are `styles`, `numbering`, `footnotes`; `pictures` are named as the relation that points to them."""
    parts, pictures = parts or {}, pictures or {}
    related = [(kind, kind, f"{kind}.xml") for kind in parts] + [(name.partition(".")[0], "image", f"media/{name}") for name in pictures]
    relations = "".join(f'<Relationship Id="{name}" Type="{_RELATION}/{kind}" Target="{target}"/>' for name, kind, target in related)
    overrides = "".join(
        f'<Override PartName="/word/{kind}.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{type_}+xml"/>'
        for kind, type_ in {"document": "document.main", **{kind: kind for kind in parts}}.items()
    )
    defaults = "".join(f'<Default Extension="{end}" ContentType="{type_}"/>' for end, type_ in _TYPES.items())
    package = "http://schemas.openxmlformats.org/package/2006"
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">{defaults}{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
                       f'<Relationship Id="rId1" Type="{_RELATION}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {_NAMES}><w:body>{''.join(body)}{_PAGE}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
        **{f"word/{kind}.xml": text for kind, text in parts.items()},
        **{f"word/media/{name}": data for name, data in pictures.items()},
    }
    return zipped(files)


def zipped(files: dict[str, str | bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()
