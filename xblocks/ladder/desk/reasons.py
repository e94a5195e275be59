"""Why an attempt could not be shown or marked, in the words of staff."""

from __future__ import annotations

from django.utils.translation import gettext

from ladder import lms
from ladder.core.errors import ContentError, Unmarkable
from ladder.pages import language


def reason_of(error: BaseException) -> str:
    """One sentence. Of what nobody foresaw only the kind of error is told: the log has the rest."""
    cause = error.__cause__ if error.__cause__ is not None else error
    if isinstance(cause, ContentError) and cause.problems:
        first = cause.problems[0]
        spoken = "zh" if language().startswith("zh") else "en"
        text = gettext("The text of its exam can no longer be read: %(where)s %(message)s.")
        return text % {"where": first.where, "message": first.message(spoken)}
    if isinstance(error, lms.NotTold):
        return gettext("It is handed in. The gradebook did not take its result: run `ladder_grades` for this course.")
    if isinstance(cause, Unmarkable):
        return gettext("Its paper asks what the text of its exam does not hold.")
    return gettext("Unexpected error (%(error)s); the log of the server has the details.") % {"error": type(cause).__name__}
