"""Every question we ask the platform. Nothing else in the package touches `block.runtime` or a platform module.

Names of user attributes: `edx-platform.*`, set by the LMS (`DjangoXBlockUserService`) and by the preview alike.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Callable, Collection
from decimal import Decimal
from enum import Enum
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string
from opaque_keys.edx.keys import CourseKey, UsageKey
from web_fragments.fragment import Fragment
from xblock.exceptions import NoSuchDefinition, NoSuchUsage

Block = Any
FULL_MARKS = 100


class NotSignedIn(Exception):
    """There is no learner to act for."""


class NotTold(Exception):
    """The gradebook did not take what it was told."""


class View(Enum):
    """As whom somebody looks at a course."""

    OWN = "as oneself"
    A_LEARNER = "as a learner"  # staff who have laid their rights aside; what they do is done in their own name
    THIS_LEARNER = "as this learner"  # staff who are shown the state of a learner; it is not theirs to change


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


def view(block: Block) -> View:
    """As whom the user looks at this course: the platform's masquerade ("View this course as …").

    The platform binds the block to the learner who is looked at, and remembers on the user of the request that somebody looks
    (`setup_masquerade`, lms/djangoapps/courseware/masquerade.py).
    """
    if not apps.is_installed("lms.djangoapps.courseware"):
        return View.OWN
    from crum import get_current_user
    from lms.djangoapps.courseware.masquerade import get_course_masquerade

    found = get_course_masquerade(get_current_user(), block.scope_ids.usage_id.context_key)
    if found is None:
        return View.OWN
    if found.user_name:
        return View.THIS_LEARNER
    return View.OWN if found.role == "staff" else View.A_LEARNER


def in_studio() -> bool:
    """Whether this is Studio, where nobody learns."""
    return _site() == "cms"


def is_enrolled(learner: int, course: str) -> bool:
    """Whether the learner takes part in the course now. Who has an account of the preview does."""
    if not in_open_edx():
        return True
    from common.djangoapps.student.models import CourseEnrollment

    enrolled = CourseEnrollment.objects.filter(user_id=learner, course_id=CourseKey.from_string(course), is_active=True)
    return bool(enrolled.exists())


def learner_name(block: Block) -> str:
    """The name that the learner signs in with."""
    return str(_user_attribute(block, "username"))


def is_author(block: Block) -> bool:
    """Whether the user may see the author's text.

    The LMS can be made to render any view by name, so authoring views must not trust that they are asked for in Studio
    (`xblock_view`, lms/djangoapps/courseware/block_render.py); and Studio lets anybody with an account call a handler
    (`component_handler`, cms/djangoapps/contentstore/views/component.py).
    """
    if _site() != "cms":
        return is_staff(block)
    from common.djangoapps.student.auth import has_studio_read_access

    return _in_studio(block, has_studio_read_access)


def may_save(block: Block) -> bool:
    """Whether the user may change the author's text here: in Studio, or in the preview. The LMS only reads (`LmsFieldData`)."""
    if _site() != "cms":
        return _site() != "lms" and is_staff(block)
    from common.djangoapps.student.auth import has_studio_write_access

    return _in_studio(block, has_studio_write_access)


def _in_studio(block: Block, may: Callable[[Any, CourseKey], bool]) -> bool:
    from crum import get_current_user

    user = get_current_user()
    return user is not None and bool(may(user, block.scope_ids.usage_id.context_key))


def _site() -> str:
    """Which of Open edX's two sites this is: `lms` or `cms`; another word where it is neither."""
    return str(getattr(settings, "ROOT_URLCONF", "")).partition(".")[0]


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
    if not in_open_edx():
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


def block_kind(block: Block) -> str:
    """What the block is, without the prefix that its type has: `exam`."""
    return str(block.scope_ids.block_type).removeprefix("ladder_")


def sibling(block: Block, kind: str, name: str) -> Block | None:
    """Another block of the same course by kind (`ladder_article`) and url_name, or None."""
    key = block.scope_ids.usage_id.context_key.make_usage_key(kind, name)
    try:
        return block.runtime.get_block(key)
    except _missing():
        return None


def is_missing(block: Block, kind: str, name: str) -> bool:
    """Whether the course has no such block. One that this user may not load is there: the LMS answers with nothing then."""
    key = block.scope_ids.usage_id.context_key.make_usage_key(kind, name)
    try:
        block.runtime.get_block(key)
    except _missing():
        return True
    return False


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
    for script in ("request", "ladder", *scripts):
        fragment.add_javascript_url(block.runtime.local_resource_url(block, f"public/{script}.js"))
    fragment.initialize_js("LadderBlock", arguments)


def publish_completion(block: Block, share: float) -> None:
    """Tell the platform how much of a block the learner of this request has done, 0 to 1."""
    block.runtime.publish(block, "completion", {"completion": share})


def record_completion(kind: str, course: str, block: str, learner: int, share: float) -> None:
    """Tell the platform the same of any learner. That nothing is done is told only where something was."""
    if not has_completion():
        return
    from completion.models import BlockCompletion

    key = usage_key(kind, course, block)
    if not share and not BlockCompletion.objects.filter(user_id=learner, block_key=key, completion__gt=0).exists():
        return
    BlockCompletion.objects.submit_completion(user=get_user_model().objects.get(id=learner), block_key=key, completion=share)


def keeps_state() -> bool:
    """Whether there is a platform that keeps a state of its own of each block and learner."""
    return bool(apps.is_installed("lms.djangoapps.courseware"))


def keep_state(kind: str, course: str, block: str, learner: int) -> None:
    """See to it that the platform has a row of its own state for a block: its instructor tools look for one, and read it."""
    if not keeps_state():
        return
    from lms.djangoapps.courseware.models import StudentModule

    key, state = usage_key(kind, course, block), json.dumps({"touched": True})
    row, _ = StudentModule.objects.get_or_create(
        student_id=learner, course_id=key.context_key, module_state_key=key,
        defaults={"module_type": key.block_type, "state": state},
    )
    if row.state is None:  # the platform makes such rows, and fails to read them when it resets
        StudentModule.objects.filter(id=row.id, state=None).update(state=state)


def attempts_counted(learner: int, course: str, exams: Collection[str]) -> dict[str, int]:
    """How many attempts the platform counts where its instructor tools have reset them, by exam. One statement."""
    from lms.djangoapps.courseware.models import StudentModule

    keys = {usage_key("exam", course, exam): exam for exam in exams}
    rows = StudentModule.objects.filter(student_id=learner, module_state_key__in=list(keys), state__isnull=False)
    counted = {keys[key]: json.loads(state).get("attempts") for key, state in rows.values_list("module_state_key", "state")}
    return {exam: number for exam, number in counted.items() if isinstance(number, int)}


def has_completion() -> bool:
    """Whether the platform keeps what is done, and its switch for that is on."""
    if not apps.is_installed("completion"):
        return False
    from completion import waffle

    return bool(waffle.ENABLE_COMPLETION_TRACKING_SWITCH.is_enabled())


def has_gradebook() -> bool:
    """Whether marks go to edx-submissions."""
    return bool(apps.is_installed("submissions"))


def publish_score(kind: str, course: str, block: str, learner: int, marks: Decimal | None, attempt: int) -> None:
    """Tell the gradebook, through edx-submissions, the marks of 100 that a learner's case or exam stands at; None: no more any.

    Submissions hold whole points: marks are rounded down, so that nobody who fails by a hundredth reads the pass mark. Our own
    records keep the hundredths, and decide. Harmless to repeat. Without that app (the preview) they are the only gradebook.
    NotTold when it refuses.
    """
    if not has_gradebook():
        return
    from submissions import api
    from submissions.errors import SubmissionError

    usage = usage_key(kind, course, block)
    item = {
        "student_id": anonymous_id(learner, course), "course_id": course, "item_id": str(usage), "item_type": usage.block_type,
    }
    try:
        standing = api.get_score(item)
        if marks is None:
            if standing is not None:
                api.reset_score(item["student_id"], course, item["item_id"])
        elif standing is None or (standing["points_earned"], standing["points_possible"]) != (int(marks), FULL_MARKS):
            submission = api.create_submission(item, {"attempt": attempt}, attempt_number=attempt)
            api.set_score(submission["uuid"], int(marks), FULL_MARKS)
    except SubmissionError as error:
        raise NotTold from error


def usage_key(kind: str, course: str, block: str) -> UsageKey:
    """The platform's key of a block: its kind is ours, such as `exam`."""
    return CourseKey.from_string(course).make_usage_key(f"ladder_{kind}", block)


def anonymous_id(learner: int, course: str) -> str:
    """The name under which the gradebook knows a learner of a course."""
    if in_open_edx():
        from common.djangoapps.student.models import anonymous_id_for_user

        user = get_user_model().objects.get(id=learner)
        return str(anonymous_id_for_user(user, CourseKey.from_string(course)))
    return f"preview-{learner}"


def learner_of(anonymous: str) -> int | None:
    """The id of the learner whom the gradebook names so, or None."""
    if in_open_edx():
        from common.djangoapps.student.models import user_by_anonymous_id

        found = user_by_anonymous_id(anonymous)
        return None if found is None else int(found.id)
    id_ = anonymous.removeprefix("preview-")
    return int(id_) if id_.isdecimal() and get_user_model().objects.filter(id=id_).exists() else None


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


# -- the site, asked by its administrators --------------------------------------------------------------------------

_HUNDREDTHS = 10_000  # full marks as exams were told to the gradebook before they were told in whole marks


def in_open_edx() -> bool:
    """Whether this is Open edX, the LMS or Studio, and not the preview."""
    return bool(apps.is_installed("common.djangoapps.student"))


def mixins() -> tuple[type, ...]:
    """What the platform mixes into every block."""
    return tuple(getattr(settings, "XBLOCK_MIXINS", ()))


def old_scores(course: str = "") -> dict[str, int]:
    """How many scores of exams stand in the gradebook in hundredths of a mark, as they were told once, by course."""
    if not has_gradebook():
        return {}
    from submissions.models import ScoreSummary

    found = ScoreSummary.objects.filter(student_item__item_type="ladder_exam", latest__points_possible=_HUNDREDTHS)
    found = found.filter(student_item__course_id=course) if course else found
    return dict(Counter(found.order_by("student_item__course_id").values_list("student_item__course_id", flat=True)))


def _modulestore() -> Any:
    """Where courses are kept: the platform's own, or what the setting LADDER_MODULESTORE names in its place."""
    if in_open_edx():
        from xmodule.modulestore.django import modulestore

        return modulestore()
    path = getattr(settings, "LADDER_MODULESTORE", "")
    return import_string(path)() if path else None


def courses() -> list[str] | None:
    """Every course run there is; None where there is no telling."""
    store = _modulestore()
    return None if store is None else sorted(str(course.id) for course in store.get_course_summaries())


def blocks_of(course: str, kinds: Collection[str]) -> list[Block]:
    """The blocks of these kinds (`ladder_stage`) that are in the outline of a course."""
    store, key = _modulestore(), CourseKey.from_string(course)
    with store.bulk_operations(key):
        return [
            block for kind in kinds for block in store.get_items(key, qualifiers={"category": kind}, include_orphans=False)
        ]
