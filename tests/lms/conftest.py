"""What tests with the platform's own apps share: people who are enrolled, completion that is kept, staff who look as learners.

Imports of tables stand in the fixtures: Django is not set up yet when this file is read.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import crum
import pytest

from trainee import Trainee


@pytest.fixture(autouse=True)
def _enrolled(site: Any) -> Iterator[None]:
    """Whoever gets an account is enrolled."""
    from common.djangoapps.student.models import CourseEnrollment
    from django.contrib.auth import get_user_model
    from django.db.models.signals import post_save

    def enrol(instance: Any, created: bool, **_: Any) -> None:
        if created:
            CourseEnrollment.objects.create(user=instance, course_id=site.now.key)

    post_save.connect(enrol, get_user_model())
    yield
    post_save.disconnect(enrol, get_user_model())


@pytest.fixture
def learner(site: Any, sign_in: Any, act: Any) -> Any:
    """Somebody on the first day, in the LMS."""
    from lms_host import LmsTrainee

    return LmsTrainee(sign_in("learner"), act, site)


@pytest.fixture
def staff(site: Any, sign_in: Any, act: Any) -> Any:
    """Staff of the course, in the LMS."""
    from lms_host import LmsTrainee

    return LmsTrainee(sign_in("trainer"), act, site)


@pytest.fixture(autouse=True)
def _completion_is_kept(site: Any) -> Iterator[None]:
    """The platform's switch is on."""
    from completion.waffle import ENABLE_COMPLETION_TRACKING_SWITCH
    from waffle.testutils import override_switch

    with override_switch(ENABLE_COMPLETION_TRACKING_SWITCH.name, active=True):
        yield


Looking = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def looking(site: Any, act: Any) -> Looking:
    """`with looking(staff, as_learner=learner) as seen:` the platform's masquerade, as it is while a request runs.

    `seen` does what the staff do there: the platform binds the blocks to the learner, without the rights of staff.
    """
    from django.contrib.auth import get_user_model
    from lms.djangoapps.courseware.masquerade import CourseMasquerade
    from lms_host import LmsTrainee

    @contextmanager
    def look(who: Trainee, *, role: str = "student", as_learner: Trainee | None = None) -> Iterator[Any]:
        request_user = get_user_model().objects.get(id=who.id)
        bound = copy.copy(as_learner.client if as_learner else who.client)
        bound.user = get_user_model().objects.get(id=bound.user.id)
        bound.user.is_staff = role == "staff"
        name = bound.user.username if as_learner else None
        request_user.masquerade_settings = {site.now.key: CourseMasquerade(site.now.key, role=role, user_name=name)}
        with crum.impersonate(request_user):
            yield LmsTrainee(bound, act, site)

    return look
