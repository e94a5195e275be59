"""Plots of an exam's statistics as inline SVG. Colours come from classes in ladder.css: a strict policy forbids style attributes.

Every plot is 360 units wide and grows with its figure; a table beside it says the same in text.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext

from ladder.core.item_flags import POOR, TOO_EASY, TOO_HARD
from ladder.core.statistics import BIN

WIDTH = 360
_LABEL = 40  # columns of a label, of which a Chinese character takes two


@dataclass(frozen=True)
class Point:
    """A question on the map. `x` its facility, 0 to 1; `y` its discrimination; `target` the id of its row."""

    x: float
    y: float
    label: str
    target: str
    flagged: bool


@dataclass(frozen=True)
class Bar:
    """A share, 0 to 1, and how it is written."""

    label: str
    share: float
    text: str


def histogram(name: str, bins: Sequence[int], pass_marks: int) -> str:
    """Papers by marks, `BIN` marks a bar, with a line where passing begins. `name` makes the ids of this plot its own."""
    left, right, top, base = 12, WIDTH - 12, 40, 176
    step = (right - left) / len(bins)
    most = max(*bins, 1)
    pass_x = left + step * pass_marks / BIN
    parts = []
    for place, count in enumerate(bins):
        height = (base - top) * count / most
        x = left + step * place
        below = " is-below" if (place + 1) * BIN <= pass_marks else ""
        if count:
            parts.append(_rect(f"ladder-plot-bar{below}", x + 1.5, base - height, step - 3, height))
            parts.append(_text(x + step / 2, base - height - 5, str(count), "middle"))
        parts.append(_text(x, base + 18, str(place * BIN), "middle"))
    parts += [
        _text(right, base + 18, str(len(bins) * BIN), "middle"), _line("ladder-plot-axis", left, base, right, base),
        _line("ladder-plot-pass", pass_x, top - 18, pass_x, base),
        _text(pass_x + 5 if pass_x < WIDTH / 2 else pass_x - 5, top - 22, gettext("Pass: %(marks)s") % {"marks": pass_marks},
              "start" if pass_x < WIDTH / 2 else "end"),
        _text(WIDTH / 2, base + 38, gettext("Marks"), "middle"),
    ]
    description = gettext("How many papers earned 0 to 9 marks, 10 to 19 and so on up to 90 to 100.")
    return _svg(f"{name}-histogram", 220, gettext("Papers by marks"), description, parts)


def scatter(name: str, points: Iterable[Point]) -> str:
    """The map of questions, facility by discrimination; what is shaded needs a look. Each point leads to its row.

    Those that are flagged can be reached by the Tab key; all can be in the table.
    """
    points = list(points)
    low = min(-0.2, *(math.floor(point.y * 5) / 5 for point in points)) if points else -0.2
    high = max(0.6, *(math.ceil(point.y * 5) / 5 for point in points)) if points else 0.6
    left, right, top, base = 34, WIDTH - 14, 26, 250

    def at(x: float, y: float) -> tuple[float, float]:
        return left + (right - left) * x, base - (base - top) * (y - low) / (high - low)

    poor, hard, easy = at(0, POOR)[1], at(float(TOO_HARD), 0)[0], at(float(TOO_EASY), 0)[0]
    parts = [
        _rect("ladder-plot-shade", left, poor, right - left, base - poor),
        _rect("ladder-plot-shade", left, top, hard - left, base - top),
        _rect("ladder-plot-shade", easy, top, right - easy, base - top),
        _line("ladder-plot-axis", left, base, right, base), _line("ladder-plot-axis", left, top, left, base),
    ]
    parts += [_text(at(share / 4, 0)[0], base + 18, f"{share * 25}%", "end" if share == 4 else "middle") for share in range(5)]
    fifths = range(round(low * 5), round(high * 5) + 1)
    parts += [_text(left - 6, at(0, fifth / 5)[1] + 4, f"{fifth / 5:g}".replace("-", "−"), "end") for fifth in fifths]
    parts.append(_text(6, 14, gettext("Discrimination"), "start"))
    parts.append(_text((left + right) / 2, base + 38, gettext("Facility"), "middle"))
    # What is flagged is drawn last, on top of its neighbours.
    parts += [_point(point, *at(point.x, point.y)) for point in sorted(points, key=lambda point: point.flagged)]
    description = gettext("Each point is a question: further right, more of its marks were earned; further up, it tells better "
                          "who knows more. Questions in the shaded area need a look.")
    return _svg(f"{name}-map", 294, gettext("Map of the questions"), description, parts, role="group")


def bars(name: str, rows: Sequence[Bar]) -> str:
    """The share of the marks by knowledge point, one bar a row under its label."""
    height = 42
    parts = []
    for place, row in enumerate(rows):
        y = place * height + 16
        parts += [
            _text(0, y, shortened(row.label), "start", "ladder-plot-label"), _text(WIDTH, y, row.text, "end"),
            _rect("ladder-plot-track", 0, y + 6, WIDTH, 9), _rect("ladder-plot-bar", 0, y + 6, WIDTH * row.share, 9),
        ]
    description = gettext("The mean share of the marks earned with questions on each knowledge point, the weakest first.")
    return _svg(f"{name}-articles", max(height * len(rows), 1), gettext("Marks by knowledge point"), description, parts)


def shortened(label: str) -> str:
    """A label that fits over its bar."""
    left = _LABEL
    for place, letter in enumerate(label):
        left -= 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if left < 0:
            return label[: place - 1].rstrip() + "…"
    return label


def _svg(name: str, height: float, title: str, description: str, parts: Iterable[str], role: str = "img") -> str:
    return (f'<svg class="ladder-plot" viewBox="0 0 {WIDTH} {height:g}" role="{role}" aria-labelledby="{name}-title {name}-desc">'
            f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
            f"{''.join(parts)}</svg>")


def _rect(css: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{css}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _line(css: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{css}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str, css: str = "") -> str:
    named = f' class="{css}"' if css else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _point(point: Point, x: float, y: float) -> str:
    """A dot, or a diamond for what is flagged; around it an unseen disc that is easier to hit."""
    if point.flagged:
        shape = f'<path class="ladder-plot-point is-flagged" d="M{x:.1f} {y - 7:.1f}l7 7-7 7-7-7z"/>'
    else:
        shape = f'<circle class="ladder-plot-point" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
    label, reach = escape(point.label), "" if point.flagged else ' tabindex="-1"'
    return (f'<a href="#{escape(point.target)}" aria-label="{label}"{reach}><title>{label}</title>'
            f'<circle class="ladder-plot-reach" cx="{x:.1f}" cy="{y:.1f}" r="12"/>{shape}</a>')
