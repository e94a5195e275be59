"""The views of the preview: sign-in, outline, one unit, handlers."""

from __future__ import annotations

import mimetypes
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey
from xblock.django.request import django_to_webob_request, webob_to_django_response
from xblock.exceptions import NoSuchHandlerError

from ladder.records.journal import page_first
from ladder_tools.preview import outline
from ladder_tools.preview.content import Shelf, Site
from ladder_tools.preview.doorkeeper import knock, remember
from ladder_tools.preview.runtime import PreviewRuntime

_PACKAGES = {"ladder": ("ladder", "public"), "preview": ("ladder_tools.preview", "static/preview")}
_shelf: Shelf | None = None


def open_shelf() -> Shelf:
    """The course being served; read from its folder the first time."""
    global _shelf
    if _shelf is None:
        _shelf = Shelf(Path(settings.COURSE))
        _shelf.load()
    return _shelf


def site() -> Site:
    """The version of the course being served."""
    found = open_shelf().site
    if found is None:
        raise Http404("The course cannot be read yet.")
    return found


def shared(request: HttpRequest) -> dict[str, Any]:
    """What every page shows: the course and the version for reloading; to staff, whose they are, its problems.

    A problem's message quotes what the author wrote, keys included.
    """
    shelf = open_shelf()
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    return {
        "course_title": shelf.site.course.settings.title if shelf.site else shelf.folder.name,
        "version": shelf.version,
        "problems": [
            {"place": f"{p.file}:{p.line}:{p.column}", "message": p.message(language), "hint": p.hint(language)}
            for p in shelf.problems
        ] if request.user.is_staff else [],
    }


def home(request: HttpRequest) -> HttpResponse:
    """To the course, or to the sign-in."""
    return redirect("/course/" if request.user.is_authenticated else "/sign-in/")


class SignIn(LoginView):
    """The sign-in page. It says the same to everybody who is not let in, whether there is such an account or not."""

    template_name = "preview/sign_in.html"
    redirect_authenticated_user = True
    extra_context = {"has_demo": settings.HAS_DEMO}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at the password, unless too many wrong ones came before."""
        self.knock = knock(request, request.POST.get("username", ""))
        if not self.knock.may_try():
            context = self.get_context_data(form=self.get_form(), too_many=True)
            return self.render_to_response(context, status=429)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Let somebody in."""
        self.knock.was_right(form.get_user())
        response = super().form_valid(form)
        remember(response, form.cleaned_data["username"])
        return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Drop the session."""
    logout(request)
    return redirect("/sign-in/")


@login_required
def course(request: HttpRequest) -> HttpResponse:
    """The outline with ticks and locks; for trainers also who is where."""
    if open_shelf().site is None:
        return render(request, "preview/broken_course.html")
    with page_first():
        return render(request, "preview/course.html", outline.course_page(site(), request.user))


@login_required
@ensure_csrf_cookie
def unit(request: HttpRequest, name: str) -> HttpResponse:
    """One unit with previous and next."""
    return _unit(request, name, "student_view")


@login_required
@ensure_csrf_cookie
def author(request: HttpRequest, name: str) -> HttpResponse:
    """A unit as its author meets it in Studio. What is saved here lasts until the folder is read again."""
    if not request.user.is_staff:
        raise Http404
    return _unit(request, name, "author_view" if request.GET.get("view") == "author" else "studio_view")


def _unit(request: HttpRequest, name: str, view: str) -> HttpResponse:
    found = site()
    position = found.positions.get(name)
    if position is None:
        raise Http404
    runtime = PreviewRuntime(found, request.user)
    block = runtime.get_block(found.usage_key(position.unit))
    fragment = block.render(view)
    return render(request, "preview/unit.html", {
        "position": position, "pager": outline.pager(found, block.visited, position),
        "body": fragment.body_html(), "head": fragment.head_html(), "foot": fragment.foot_html(),
    })


def handler(request: HttpRequest, usage: str, handler: str, suffix: str = "") -> HttpResponse:
    """A block's handler, as in the LMS: CSRF is checked, who may do what is the block's business."""
    try:
        key = UsageKey.from_string(usage)
    except InvalidKeyError as error:
        raise Http404 from error
    found = site()
    if key not in found.usage_keys:
        raise Http404
    block = PreviewRuntime(found, request.user).get_block(key)
    try:
        response = block.runtime.handle(block, handler, django_to_webob_request(request), suffix)
    except NoSuchHandlerError as error:
        raise Http404 from error
    return webob_to_django_response(response)


def resource(request: HttpRequest, package: str, name: str) -> HttpResponse:
    """A script or style of ours. Its address changes with its content, so browsers may keep it."""
    if package not in _PACKAGES or "/" in name or name.startswith("."):
        raise Http404
    module, folder = _PACKAGES[package]
    path = files(module).joinpath(folder, name)
    if not path.is_file():
        raise Http404
    response = _file(name, path.read_bytes())
    response["Cache-Control"] = "public, max-age=31536000, immutable" if request.GET.get("v") else "no-cache"
    return response


@login_required
def static(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001
    """A picture of the course."""
    data = site().static.get(name)
    if data is None:
        raise Http404
    return _file(name, data)


def _file(name: str, data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type=mimetypes.guess_type(name)[0] or "application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def version(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """A number that grows with every change of the course's files."""
    return JsonResponse({"version": open_shelf().version})


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403."""
    return render(request, "preview/error.html", {"status": 403}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404."""
    return render(request, "preview/error.html", {"status": 404}, status=404)
