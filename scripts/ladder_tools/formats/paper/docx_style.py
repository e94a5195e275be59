"""How a paper looks in Word: page, fonts, styles, page numbers."""

from __future__ import annotations

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

BODY, HEADING, CODE = ("Times New Roman", "宋体"), ("Arial", "黑体"), ("Consolas", "宋体")
CENTRE = WD_ALIGN_PARAGRAPH.CENTER
INDENT = Cm(0.85)  # of a question's text, for its number to stand before it
TEXT_WIDTH = Cm(17)
# Ids of styles. Our own have names that are their ids.
TITLE, KEY, SECTION, KEY_SECTION = "Title", "Heading1", "Heading2", "Heading3"
QUESTION, TEXT, CHOICES, WRITING, SOURCE = "Question", "QuestionText", "Choices", "WritingLine", "SourceCode"
_HEADINGS = (("Title", 18, 0, 10), ("Heading 1", 16, 0, 8), ("Heading 2", 12, 14, 6), ("Heading 3", 10.5, 10, 4))


def set_up(document: Document) -> None:
    """Give a new document the page and the styles of a paper."""
    _page(document.sections[0])
    styles = document.styles
    for language in styles.element.iter(qn("w:lang")):  # else a word processor takes the signs of another country's Chinese
        language.set(qn("w:eastAsia"), "zh-CN")
    normal = styles["Normal"]
    _font(normal, BODY, 10.5)
    normal.paragraph_format.space_after = Pt(2)
    normal.paragraph_format.line_spacing = 1.3
    for name, size, before, after in _HEADINGS:
        style = styles[name]
        _font(style, HEADING, size)
        style.font.bold, style.font.italic, style.font.color.rgb = True, False, RGBColor(0, 0, 0)
        format_ = style.paragraph_format
        format_.space_before, format_.space_after, format_.keep_with_next = Pt(before), Pt(after), True
    for name in ("Title", "Heading 1"):
        styles[name].paragraph_format.alignment = CENTRE
    for border in list(styles["Title"].element.iter(qn("w:pBdr"))):
        border.getparent().remove(border)
    for name in (QUESTION, TEXT, CHOICES, WRITING, SOURCE):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.paragraph_format.left_indent = INDENT
        style.paragraph_format.keep_together = True
    question = styles[QUESTION].paragraph_format
    question.first_line_indent, question.space_before = Emu(-INDENT), Pt(8)
    question.tab_stops.add_tab_stop(INDENT)
    _font(styles[SOURCE], CODE, 9.5)
    _lines(styles[WRITING])


def _page(section: Section) -> None:
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin = section.bottom_margin = Cm(2.2)
    section.left_margin = section.right_margin = Cm(2)


def _font(style: ParagraphStyle, names: tuple[str, str], size: float) -> None:
    """A Latin font and a Chinese one. Word asks for the latter in an attribute of its own, which a theme would overrule."""
    style.font.size = Pt(size)
    style.font.name = names[0]
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:eastAsia"), names[1])


def _lines(style: ParagraphStyle) -> None:
    """Each paragraph a line to write on; `between` keeps Word from drawing one frame around them all."""
    style.paragraph_format.line_spacing_rule, style.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(24)
    style.paragraph_format.space_after = Pt(0)
    borders = OxmlElement("w:pBdr")
    for side in ("bottom", "between"):
        border = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "1"), ("color", "999999")):
            border.set(qn(f"w:{name}"), value)
        borders.append(border)
    properties = style.element.get_or_add_pPr()
    properties.insert_element_before(borders, "w:spacing", "w:ind", "w:jc")


def add_paragraph(document: Document, style: str, text: str = "") -> Paragraph:
    """A paragraph at the end. Its style by id: by name, python-docx would look through all of them each time."""
    paragraph = document.add_paragraph()
    paragraph._p.style = style
    if text:
        paragraph.add_run(text)
    return paragraph


def choice_tabs(paragraph: Paragraph, count: int) -> None:
    """Divide the lines of choices into so many columns."""
    for column in range(1, count):
        paragraph.paragraph_format.tab_stops.add_tab_stop(Emu(INDENT + (TEXT_WIDTH - INDENT) * column // count))


def number_pages(section: Section, before: str) -> None:
    """Page numbers at the foot of a section, after the words for it."""
    section.footer.is_linked_to_previous = False
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = CENTRE
    paragraph.add_run(before)
    _field(paragraph, "PAGE")
    paragraph.add_run(" / ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Paragraph, instruction: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    paragraph._p.append(field)


def keep_together(first: Paragraph) -> None:
    """Keep a question, from its first paragraph to the last of the document, on one page."""
    previous = first
    for element in first._p.itersiblings(qn("w:p")):
        previous.paragraph_format.keep_with_next = True
        previous = Paragraph(element, first._parent)
