"""Questions as people see them: two ways of writing the same Markdown are one."""

from __future__ import annotations

from dataclasses import replace

from ladder.core.markup import to_html, to_inline_html
from ladder.core.question import Question


def shown(question: Question) -> Question:
    """The question with its texts as HTML, wherever it stood."""
    return replace(
        question, line=0, stem=to_html(question.stem), explanation=to_html(question.explanation),
        choices=tuple(replace(choice, text=to_inline_html(choice.text)) for choice in question.choices),
    )
