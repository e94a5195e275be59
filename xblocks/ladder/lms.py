"""Every question we ask the platform. Nothing else in the package touches `block.runtime` or a platform module.

Names of user attributes: `edx-platform.*`, set by the LMS (`DjangoXBlockUserService`) and by the preview alike.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.crypto import salted_hmac
from opaque_keys.edx.keys import CourseKey, UsageKey
from web_fragments.fragment import Fragment
from xblock.exceptions import NoSuchDefinition, NoSuchUsage

Block = Any
FULL_MARKS = 100


class NotSignedIn(Exception):
    """There is no learner to act for."""


def now() -> datetime.datetime:
    """The server's clock. Deadlines and gates use no other."""
    return timezone.now()


def _user_attribute(block: Block, name: str) -> Any:
    user = block.runtime.service(block, "user").get_current_user()
    return user.opt_attrs.get(f"edx-platform.{name}")


def learner_id(block: Block) -> int:
    """The platform's id of the signed-in user."""
    id_ = _user_attribute(block, "user_id")
    if id_ is None:
        raise NotSignedIn
    return int(id_)


def is_staff(block: Block) -> bool:
    """Whether the user is staff of this course."""
    return bool(_user_attribute(block, "user_is_staff"))


def is_author(block: Block) -> bool:
    """Whether the user may see and change the author's text.

    The LMS can be made to render any view by name, so authoring views must not trust that they are asked for in Studio
    (`xblock_view`, lms/djangoapps/courseware/block_render.py).
    """
    in_studio = getattr(settings, "ROOT_URLCONF", "").startswith("cms.")
    return in_studio or is_staff(block)


def time_zone(block: Block) -> str:
    """The name of the time zone that the user has chosen on the platform; empty: none."""
    return str((_user_attribute(block, "user_preferences") or {}).get("time_zone") or "")


def released_languages() -> list[str]:
    """Codes of the languages that the platform offers. By default Open edX offers its own language and no other."""
    if apps.is_installed("openedx.core.djangoapps.dark_lang"):
        from openedx.core.djangoapps.dark_lang.models import DarkLangConfig
        from openedx.core.djangoapps.lang_pref.api import released_languages as released

        if DarkLangConfig.current().enabled:
            return [language.code for language in released()]
    return [code for code, _ in settings.LANGUAGES]


def course_language(block: Block) -> str:
    """The code of the language that the course is written in; empty: the course does not say, or the block is in a library."""
    if not apps.is_installed("common.djangoapps.student"):
        return str(getattr(block.runtime, "course_language", ""))
    from xmodule.modulestore.django import modulestore

    # Within a request the modulestore has the course at hand; an overview of it would be a statement.
    key = block.scope_ids.usage_id.context_key
    course = modulestore().get_course(key) if key.is_course else None
    return str(course.language or "") if course else ""


def course_key(block: Block) -> str:
    """The course run the block belongs to."""
    return str(block.scope_ids.usage_id.context_key)


def block_name(block: Block) -> str:
    """The block's url_name: the id that the author gave."""
    return str(block.scope_ids.usage_id.block_id)


def sibling(block: Block, kind: str, name: str) -> Block | None:
    """Another block of the same course by kind (`ladder_article`) and url_name, or None."""
    key = block.scope_ids.usage_id.context_key.make_usage_key(kind, name)
    try:
        return block.runtime.get_block(key)
    except _missing():
        return None


def _missing() -> tuple[type[Exception], ...]:
    """What the runtime raises for a block that is not there or that the learner may not load."""
    found: list[type[Exception]] = [NoSuchUsage, NoSuchDefinition]
    if apps.is_installed("lms.djangoapps.courseware"):
        from django.http import Http404
        from xmodule.modulestore.exceptions import ItemNotFoundError

        found += [ItemNotFoundError, Http404]
    return tuple(found)


def page_url(block: Block, name: str) -> str:
    """The full page of a lesson, article, case, exam or stage."""
    return page_url_in(course_key(block), name)


def page_url_in(course: str, name: str) -> str:
    """The same, without a block."""
    pattern = getattr(settings, "LADDER_PAGE_URL", "/courses/{course}/jump_to_id/{name}")
    return str(pattern).format(course=course, name=name)


def add_resources(block: Block, fragment: Fragment, scripts: Collection[str], arguments: dict[str, Any]) -> None:
    """Styles and scripts of the package, and the call that wakes the page up."""
    fragment.add_css_url(block.runtime.local_resource_url(block, "public/ladder.css"))
    fragment.add_javascript_url(block.runtime.local_resource_url(block, "public/ladder.js"))
    for script in scripts:
        fragment.add_javascript_url(block.runtime.local_resource_url(block, f"public/{script}.js"))
    fragment.initialize_js("LadderBlock", arguments)


def publish_completion(block: Block, share: float) -> None:
    """Tell the platform how much of the block is done, 0 to 1."""
    block.runtime.publish(block, "completion", {"completion": share})


def publish_grade(block: Block, marks: float) -> None:
    """Tell the gradebook the marks of a case, of 100. A lower result than before changes nothing."""
    block.runtime.publish(block, "grade", {"value": marks, "max_value": FULL_MARKS, "only_if_higher": True})


def has_gradebook() -> bool:
    """Whether marks of exams go to edx-submissions."""
    return bool(apps.is_installed("submissions"))


def publish_exam_score(course: str, block: str, learner: int, marks: float | None, attempt: int) -> None:
    """Tell the gradebook the marks that a learner's exam stands at, of 100, through edx-submissions; None: none any more.

    Submissions hold whole points, so marks are told in hundredths. Harmless to repeat. Without that app (the preview) our own
    records are the only gradebook.
    """
    if not has_gradebook():
        return
    from submissions import api

    usage = usage_key(course, block)
    item = {
        "student_id": anonymous_id(learner, course), "course_id": course, "item_id": str(usage), "item_type": usage.block_type,
    }
    standing = api.get_score(item)
    if marks is None:
        if standing is not None:
            api.reset_score(item["student_id"], course, item["item_id"])
        return
    points = round(marks * 100)
    if standing is not None and standing["points_earned"] == points:
        return
    submission = api.create_submission(item, {"attempt": attempt}, attempt_number=attempt)
    api.set_score(submission["uuid"], points, FULL_MARKS * 100)


def usage_key(course: str, block: str, kind: str = "ladder_exam") -> UsageKey:
    """The platform's key of a block."""
    return CourseKey.from_string(course).make_usage_key(kind, block)


def anonymous_id(learner: int, course: str) -> str:
    """The name under which the gradebook knows a learner of a course."""
    if apps.is_installed("common.djangoapps.student"):
        from common.djangoapps.student.models import anonymous_id_for_user

        user = get_user_model().objects.get(id=learner)
        return str(anonymous_id_for_user(user, CourseKey.from_string(course)))
    return f"preview-{learner}"


def learner_of(block: Block, anonymous: str) -> int | None:
    """The id of the learner whom the platform names so, or None."""
    found = block.runtime.service(block, "user").get_user_by_anonymous_id(anonymous)
    return None if found is None else int(found.id)


def names(learners: Collection[int]) -> dict[int, str]:
    """What staff call these learners, by id. One statement."""
    users = get_user_model().objects.filter(id__in=learners)
    return {user.id: user.get_full_name() or user.get_username() for user in users}


def people(learners: Collection[int]) -> dict[int, tuple[str, str]]:
    """What staff call these learners, and the names they sign in with, by id. One statement."""
    users = get_user_model().objects.filter(id__in=learners)
    return {user.id: (user.get_full_name() or user.get_username(), user.get_username()) for user in users}


def learner_named(username: str) -> int | None:
    """The id of the learner who signs in with this name, or None."""
    found = get_user_model().objects.filter(username=username).values_list("id", flat=True).first()
    return None if found is None else int(found)


def secret_code(text: str) -> str:
    """Sixteen hexadecimal digits that stand for a text; without the server's secret nobody can tell which."""
    return salted_hmac("ladder.code", text, algorithm="sha256").hexdigest()[:16]


def complete_exam(course: str, block: str, learner: int) -> None:
    """Tell the platform that an exam is done by a learner who is not the one of this request."""
    if not apps.is_installed("completion"):
        return
    from completion import waffle
    from completion.models import BlockCompletion

    if waffle.ENABLE_COMPLETION_TRACKING_SWITCH.is_enabled():
        user = get_user_model().objects.get(id=learner)
        BlockCompletion.objects.submit_completion(user=user, block_key=usage_key(course, block), completion=1.0)
