"""Who is not enrolled learns nothing and is examined in nothing: the platform asks for enrolment at pages, not at handlers."""

from __future__ import annotations

import pytest
from common.djangoapps.student.models import CourseEnrollment
from django.apps import apps

from host import block_classes
from requests_of_all import REQUESTS
from trainee import FIRST_STAGE

UNITS = FIRST_STAGE | {"mistakes": "mistakes"}
REFUSED = "你还没有加入这门课程。"


@pytest.fixture
def outsider(learner):
    """Somebody with an account who has left the course."""
    CourseEnrollment.objects.filter(user_id=learner.id).update(is_active=False)
    return learner


def test_every_page_says_so_and_shows_nothing(outsider):
    for kind, name in UNITS.items():
        page = outsider.see(name)
        assert REFUSED in page
        assert not {part for part in ("data-section", "data-action") if part in page}, kind


def test_every_handler_says_so_and_writes_nothing(outsider):
    for (kind, handler), data in REQUESTS.items():
        if handler != "studio_save":
            response = outsider.act(kind, UNITS[kind], handler, data)
            assert (response.status_code, response.json()["error"]) == (403, REFUSED), (kind, handler)
    assert not any(table.objects.exists() for table in apps.get_app_config("ladder").get_models())


def test_every_handler_there_is_is_tried():
    handlers = {
        (kind, name) for kind, block in block_classes().items() for name in dir(block)
        if getattr(getattr(block, name, None), "_is_xblock_handler", False)
    }
    assert handlers == REQUESTS.keys()


def test_who_was_never_enrolled_is_refused_too(outsider):
    CourseEnrollment.objects.all().delete()
    assert outsider.act("exam", "first-exam", "begin").status_code == 403


def test_enrolment_in_another_course_is_none_here(outsider):
    CourseEnrollment.objects.update(course_id="course-v1:Other+O1+1", is_active=True)
    assert outsider.act("exam", "first-exam", "begin").status_code == 403


def test_staff_need_no_enrolment(staff, looking):
    CourseEnrollment.objects.all().delete()
    assert staff.act("exam", "first-exam", "begin").status_code == 200
    with looking(staff) as tried:
        assert tried.act("case", "late-van", "begin").status_code == 200
