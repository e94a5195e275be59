"""Word's equations as one line of text: (a+b)/2, x², √(2)."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VAL = M + "val"
_UP = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_DOWN = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def raised(text: str) -> str:
    """Text as superscript: in raised characters where there are such, else after `^`."""
    return text.translate(_UP) if all(ord(char) in _UP for char in text) else f"^{_one(text)}"


def lowered(text: str) -> str:
    """Text as subscript: in lowered characters where there are such, else after `_`."""
    return text.translate(_DOWN) if all(ord(char) in _DOWN for char in text) else f"_{_one(text)}"


def linear(node: etree._Element) -> str:
    """An equation or a part of one as text."""
    if node.tag == M + "t":
        return node.text or ""
    write = _WAYS.get(node.tag)
    return write(node) if write else "".join(map(linear, node.iterchildren("{*}*")))


def _one(text: str) -> str:
    """Text that can stand where one character does."""
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _in(node: etree._Element, name: str) -> str:
    part = node.find(M + name)
    return linear(part) if part is not None else ""


def _sign(node: etree._Element, name: str, default: str) -> str:
    """A sign that the properties of a part name; Word leaves the usual one out."""
    found = node.find(f"{node.tag}Pr/{M}{name}")
    return default if found is None else found.get(_VAL, "")


def _fraction(node: etree._Element) -> str:
    return f"{_one(_in(node, 'num'))}/{_one(_in(node, 'den'))}"


def _root(node: etree._Element) -> str:
    degree = _in(node, "deg")
    return f"{raised(degree) if degree else ''}√({_in(node, 'e')})"


def _scripts(node: etree._Element) -> str:
    down, up = _in(node, "sub"), _in(node, "sup")
    return f"{_in(node, 'e')}{lowered(down) if down else ''}{raised(up) if up else ''}"


def _sum(node: etree._Element) -> str:
    down, up = _in(node, "sub"), _in(node, "sup")
    return f"{_sign(node, 'chr', '∫')}{lowered(down) if down else ''}{raised(up) if up else ''} {_in(node, 'e')}"


def _brackets(node: etree._Element) -> str:
    inside = _sign(node, "sepChr", "|").join(linear(part) for part in node.iterchildren(M + "e"))
    return f"{_sign(node, 'begChr', '(')}{inside}{_sign(node, 'endChr', ')')}"


def _matrix(node: etree._Element) -> str:
    rows = (", ".join(linear(cell) for cell in row.iterchildren(M + "e")) for row in node.iterchildren(M + "mr"))
    return "; ".join(rows)


def _lines(node: etree._Element) -> str:
    return "; ".join(linear(line) for line in node.iterchildren(M + "e"))


_WAYS: dict[str, Callable[[etree._Element], str]] = {
    M + "f": _fraction, M + "rad": _root, M + "sSup": _scripts, M + "sSub": _scripts, M + "sSubSup": _scripts, M + "nary": _sum,
    M + "d": _brackets, M + "m": _matrix, M + "eqArr": _lines,
}
