"""How words look in Word: what a run says itself, over its styles, over those they are based on."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum

from lxml import etree

from ladder_tools.formats.archive import Hostile
from ladder_tools.formats.word.parts import W, is_on, number_of, value_of

_PLAIN = frozenset(("", "none", "auto", "clear", "nil", "white", "black"))
_DEPTH = 20  # of styles based on each other
_MANY = 5000  # styles; Word has room for fewer


class Mark(StrEnum):
    """What people do to the right choice in Word, the clearest first."""

    HIGHLIGHT = "highlight"
    COLOUR = "colour"
    UNDERLINE = "underline"
    DOTS = "dots"
    BOLD = "bold"


@dataclass(frozen=True)
class Look:
    """How a run of words looks; None where nothing is said."""

    highlight: bool | None = None
    colour: bool | None = None
    underline: bool | None = None
    dots: bool | None = None
    bold: bool | None = None
    hidden: bool | None = None
    position: str | None = None  # superscript, subscript
    font: str | None = None

    def over(self, below: Look) -> Look:
        """This look where it says something, the one below elsewhere."""
        said = {field.name: value for field in fields(self) if (value := getattr(self, field.name)) is not None}
        return replace(below, **said) if said else below

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Which marks it has."""
        return tuple(mark for mark in Mark if getattr(self, mark))


@dataclass(frozen=True)
class ListPlace:
    """The list that a paragraph belongs to, and its level from 0."""

    list_id: str
    level: int


@dataclass(frozen=True)
class _Style:
    based_on: str
    look: Look
    place: ListPlace | None


def read_look(node: etree._Element | None) -> Look:
    """What an `rPr` says."""
    if node is None or not len(node):
        return Look()
    found = {child.tag: child for child in node.iterchildren()}
    fonts = found.get(W + "rFonts")
    underline, dots = found.get(W + "u"), found.get(W + "em")
    return Look(
        _highlight(found.get(W + "highlight"), found.get(W + "shd")),
        _coloured(value_of(found[W + "color"]), 0x50) if W + "color" in found else None,
        None if underline is None else value_of(underline) not in _PLAIN,
        None if dots is None else value_of(dots) not in _PLAIN,
        is_on(found.get(W + "b")),
        is_on(found.get(W + "vanish")),
        value_of(found.get(W + "vertAlign")) or None,
        value_of(fonts, "ascii") or None,
    )


def _highlight(highlight: etree._Element | None, shading: etree._Element | None) -> bool | None:
    if highlight is not None:
        return value_of(highlight) not in _PLAIN and "Gray" not in value_of(highlight)
    return None if shading is None else _coloured(value_of(shading, "fill"), 0x20)


def _coloured(value: str, least: int) -> bool:
    """Whether a colour is more than a grey: text pasted from the web has greys of all kinds."""
    try:
        channels = bytes.fromhex(value)
    except ValueError:
        return False
    return len(channels) == 3 and max(channels) - min(channels) >= least


def read_place(node: etree._Element | None) -> ListPlace | None:
    """The list that a `pPr` names; a list `0` takes a paragraph out of that of its style."""
    list_ = node.find(W + "numPr") if node is not None else None
    if list_ is None:
        return None
    return ListPlace(value_of(list_.find(W + "numId")), number_of(value_of(list_.find(W + "ilvl"))))


class Styles:
    """The styles of one document, by their ids."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._looks: dict[str, Look] = {}
        self._default = ""
        self._titles: set[str] = set()
        self._below = Look()
        nodes = list(root.iterchildren(W + "style")) if root is not None else []
        if len(nodes) > _MANY:
            raise Hostile("docx-too-long")
        for node in nodes:
            name, properties = value_of(node, "styleId"), node.find(W + "pPr")
            look = read_look(node.find(W + "rPr"))
            self._styles[name] = _Style(value_of(node.find(W + "basedOn")), look, read_place(properties))
            if value_of(node.find(W + "name")).lower() == "title":
                self._titles.add(name)
            if value_of(node, "type") == "paragraph" and value_of(node, "default") in ("1", "true", "on"):
                self._default = name
        if root is not None:
            self._below = read_look(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))

    def paragraph(self, name: str) -> Look:
        """How words look in a paragraph of this style."""
        return self._look(name or self._default).over(self._below)

    def is_title(self, name: str) -> bool:
        """Whether a style is the one for the title of a text, whatever Word calls it in its language."""
        return name in self._titles

    def look(self, run: etree._Element | None, paragraph: Look) -> Look:
        """How a run with these properties looks in such a paragraph."""
        if run is None:
            return paragraph
        style = value_of(run.find(W + "rStyle"))
        return read_look(run).over(self._look(style).over(paragraph) if style else paragraph)

    def place(self, properties: etree._Element | None) -> ListPlace | None:
        """The list of a paragraph: its own word, else that of its style."""
        own = read_place(properties)
        name = value_of(properties.find(W + "pStyle")) if properties is not None else ""
        of_style = next((style.place for style in self._chain(name or self._default) if style.place), None)
        if own is None or own.list_id:
            return own or of_style
        return ListPlace(of_style.list_id, own.level) if of_style else None

    def _look(self, name: str) -> Look:
        if name not in self._looks:
            look = Look()
            for style in self._chain(name):
                look = look.over(style.look)
            self._looks[name] = look
        return self._looks[name]

    def _chain(self, name: str) -> list[_Style]:
        """A style and those it is based on, the nearest first."""
        chain: list[_Style] = []
        while name in self._styles and len(chain) < _DEPTH:
            chain.append(self._styles[name])
            name = chain[-1].based_on
        return chain
