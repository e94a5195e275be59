"""What is said when something went wrong: pages that need no database, no course and nobody who has signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.utils.translation import get_language, gettext


def _page(status: int, title: str, text: str) -> HttpResponse:
    words = {"language": get_language() or "en", "title": title, "text": text}
    return HttpResponse(get_template("preview/plain.html").render(words), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 (Django calls it so)
    """400: the address or what was sent is not what a browser sends from our pages."""
    return _page(400, gettext("This request could not be read"), gettext("Go back to the course and try again."))


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django calls it so)
    """403: what was sent lacks the token of this site, as when the page had stood open since before the last sign-in."""
    return _page(403, gettext("This page has become too old"), gettext("Open it anew, then try again."))


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django calls it so)
    """500."""
    text = gettext("It was not your doing. What was saved is kept. Please try again shortly.")
    return _page(500, gettext("Something went wrong here"), text)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the records cannot be read or written now. A page's script keeps what it could not send, and sends it again."""
    if request.path.startswith("/handler/"):
        words = gettext("This cannot be saved at the moment. Please try again shortly.")
        response: HttpResponse = JsonResponse({"error": words}, status=503)
    else:
        response = _page(503, gettext("The records cannot be reached at the moment"), gettext("Please try again shortly."))
    response["Retry-After"] = "5"
    return response
