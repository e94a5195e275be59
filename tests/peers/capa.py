"""One of Open edX's own problems, as a learner meets it: loaded, shown, answered. The LMS around it is as small as it can be."""

from __future__ import annotations

from typing import Any

from lxml import etree
from opaque_keys.edx.locator import CourseLocator
from webob.multidict import MultiDict
from xblock.core import XBlockMixin
from xblock.fields import Boolean, Scope, ScopeIds
from xblock.reference.user_service import UserService, XBlockUser
from xblock.runtime import DictKeyValueStore, KvsFieldData, MemoryIdManager, NullI18nService, Runtime
from xblocks_contrib.problem import ProblemBlock

_COURSE = CourseLocator("Ladder", "bank", "tests")


class Graded(XBlockMixin):
    """What every block of the LMS has, as far as a problem asks for it."""

    graded = Boolean(scope=Scope.settings, default=True)


class Learner(UserService):
    """Somebody signed in."""

    def get_current_user(self) -> XBlockUser:
        user = XBlockUser(is_current_user=True)
        user.opt_attrs |= {
            "edx-platform.is_authenticated": True, "edx-platform.user_id": 1, "edx-platform.username": "learner",
            "edx-platform.anonymous_user_id": "anonymous-1", "edx-platform.user_is_staff": False,
        }
        return user


class Nothing:
    """Stands for a cache that keeps nothing, a sandbox that runs nothing, a queue that nobody serves, a course without files."""

    waittime = 0

    def get(self, key: str, default: Any = None) -> Any:
        return default

    def set(self, key: str, value: Any, **_: Any) -> None:
        """Forget it."""

    def can_execute_unsafe_code(self) -> bool:
        return False

    def get_python_lib_zip(self) -> None:
        return None

    def replace_urls(self, text: str, *_: Any, **__: Any) -> str:
        return text


class Lms(Runtime):
    """One learner's LMS, in memory."""

    resources_fs = None
    user_id = 1

    def __init__(self) -> None:
        ids, nothing = MemoryIdManager(), Nothing()
        super().__init__(ids, id_generator=ids, mixins=(Graded,), services={
            "field-data": KvsFieldData(DictKeyValueStore()), "user": Learner(), "i18n": NullI18nService(), "cache": nothing,
            "sandbox": nothing, "xqueue": nothing, "replace_urls": nothing,
        })

    def load_block_type(self, block_type: str) -> Any:
        return ProblemBlock

    def get_asides(self, block: Any) -> list[Any]:
        return []

    def get_policy(self, usage_id: Any) -> dict[str, Any]:
        return {}

    def get_block(self, usage_id: Any, for_parent: Any = None) -> Any:
        raise NotImplementedError

    def handler_url(self, block: Any, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False) -> str:
        return f"/handler/{handler_name}"

    def local_resource_url(self, block: Any, uri: str) -> str:
        return f"/resource/{uri}"

    def resource_url(self, resource: str) -> str:
        return f"/resource/{resource}"

    def publish(self, block: Any, event_type: str, event_data: Any) -> None:
        """Nobody listens."""


class Problem:
    """A problem that a learner has opened."""

    def __init__(self, xml: bytes) -> None:
        node = etree.fromstring(xml, etree.XMLParser(remove_blank_text=True))  # as the platform parses course files
        self.key = _COURSE.make_usage_key("problem", node.get("url_name"))
        self.block = ProblemBlock.parse_xml(node, Lms(), ScopeIds(1, "problem", self.key, self.key))

    @property
    def page(self) -> etree._Element:
        """What the learner sees."""
        return etree.fromstring(f"<div>{self.block.get_problem_html(encapsulate=False)}</div>", etree.HTMLParser())

    def share(self, *answers: str | list[str]) -> float:
        """What part of the marks these answers get, one a response; a list for checkboxes. -1 when they are sent back unread."""
        form = MultiDict()
        for number, answer in enumerate(answers, 2):
            name = f"input_{self.key.html_id()}_{number}_1"
            for value in answer if isinstance(answer, list) else [answer]:
                form.add(f"{name}[]" if isinstance(answer, list) else name, value)
        told = self.block.submit_problem(form)["success"]
        return self.block.score.raw_earned / self.block.score.raw_possible if told in ("correct", "incorrect") else -1
