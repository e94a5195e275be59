"""The places to fill in that a stem shows: a line, or brackets with nothing in them."""

from __future__ import annotations

import re

# A line may have its number on it: __①__
_LINE = r"(?:\\?_)+\s?(?:[①-⑳]|[(（]\d{1,2}[)）])\s?(?:\\?_)+|(?:\\?_){2,}|＿+|﹍+|﹏+"
# print() asks for nothing, and ![](picture.png) neither.
_BRACKETS = (
    r"（\s*）|(?<![A-Za-z0-9_])\(\s*\)|\(\s+\)|【\s*】|(?<!!)\\?\[\s*\\?\](?!\()|［\s*］|〔\s*〕"
    r"|[\[【(（]填空\s*\d{0,2}[)）】\]]"
)
_BLANK = re.compile(rf"(?P<line>{_LINE})|(?P<brackets>{_BRACKETS})|\{{\{{(?P<answer>[^{{}}\n]+)\}}\}}")
_NUMBERED = re.compile(r"\{\{\d+\}\}")


def has_line(stem: str) -> bool:
    """Whether a stem has a line to write on. Brackets alone may also stand for a letter or a tick."""
    return re.search(_LINE, stem) is not None


def has_blank(stem: str) -> bool:
    """Whether a stem has a place to fill in."""
    return _BLANK.search(stem) is not None


def number_blanks(stem: str) -> tuple[str, list[str]]:
    """A stem with `{{1}}`, `{{2}}` … for its blanks, and the answers that stood in them; `""` where none did."""
    inside: list[str] = []

    def number(blank: re.Match[str]) -> str:
        inside.append((blank["answer"] or "").strip())
        return f"{{{{{len(inside)}}}}}"

    return _BLANK.sub(number, stem), inside


def split_numbered(stem: str) -> list[str]:
    """The texts before, between and after the blanks `{{n}}` of a stem."""
    return _NUMBERED.split(stem)
