"""Open edX's own problems (CAPA), made of our questions, in a plain runtime with memory for a store.

CAPA needs Python 3.12 and setuptools < 80, and these stand-ins for what the LMS gives it: the services user, i18n, cache (keeps
nothing), sandbox (runs nothing), xqueue, replace_urls (changes nothing); a field `graded`; usage ids that know their `html_id`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from lxml import etree
from webob import Request
from xblock.core import XBlockMixin
from xblock.fields import Boolean, Scope, ScopeIds
from xblock.runtime import NullI18nService, Runtime
from xblocks_contrib.problem import ProblemBlock

from ladder.core.question import Question, Type
from ladder.exam import ExamBlock
from ladder.stage import StageBlock
from ladder_tools.preview.content import KEY_IDS, Site
from ladder_tools.preview.runtime import SignedInUser

_BLOCKS = {"problem": ProblemBlock, "ladder_exam": ExamBlock, "ladder_stage": StageBlock}
_TYPES = {Type.SINGLE: "multiplechoiceresponse", Type.JUDGE: "multiplechoiceresponse", Type.MULTIPLE: "choiceresponse"}


class Graded(XBlockMixin):
    """What the LMS's inheritance mixin gives every block, as far as CAPA asks for it."""

    graded = Boolean(scope=Scope.settings, default=True)


class NoCache:
    """Keeps nothing."""

    def get(self, key: str, default: Any = None) -> Any:
        return default

    def set(self, key: str, value: Any, **_: Any) -> None:
        """Forget it."""


class NoSandbox:
    """Runs nothing."""

    def can_execute_unsafe_code(self) -> bool:
        return False

    def get_python_lib_zip(self) -> None:
        return None


class NoQueue:
    """No external grader."""

    waittime = 0


class SameUrls:
    """The course has no static files."""

    def replace_urls(self, text: str, *_: Any, **__: Any) -> str:
        return text


class Learner:
    """A signed-in user."""

    is_authenticated, is_staff, first_name = True, False, "新人"

    def __init__(self, number: int) -> None:
        self.id, self.username = number, f"learner-{number}"


class BenchRuntime(Runtime):
    """One learner's request. The same class for both sides: no asides, nobody listens to what is published."""

    resources_fs = None

    def __init__(self, site: Site, learner: int) -> None:
        super().__init__(KEY_IDS, id_generator=KEY_IDS, mixins=(Graded,), services={
            "field-data": site.fields, "user": SignedInUser(Learner(learner)), "i18n": NullI18nService(), "cache": NoCache(),
            "sandbox": NoSandbox(), "xqueue": NoQueue(), "replace_urls": SameUrls(),
        })
        self.user_id = learner

    def load_block_type(self, block_type: str) -> Any:
        return _BLOCKS[block_type]

    def get_block(self, usage_id: Any, for_parent: Any = None) -> Any:
        kind = usage_id.block_type
        return self.construct_xblock(kind, ScopeIds(self.user_id, kind, usage_id, usage_id), for_parent=for_parent)

    def get_asides(self, block: Any) -> list[Any]:
        return []

    def get_policy(self, usage_id: Any) -> dict[str, Any]:
        return {}

    def handler_url(self, block: Any, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False) -> str:
        return f"/handler/{block.scope_ids.usage_id}/{handler_name}/{suffix}"

    def local_resource_url(self, block: Any, uri: str) -> str:
        return f"/resource/{uri}"

    def resource_url(self, resource: str) -> str:
        return f"/resource/{resource}"

    def publish(self, block: Any, event_type: str, event_data: Any) -> None:
        """Nobody listens."""


def problem_xml(question: Question) -> etree._Element:
    """A question as an author of CAPA would write it, with the same text, choices, key and explanation.

    A blank for a number becomes a numerical problem, one for a word a text problem: so does Studio's own Markdown.
    """
    problem = etree.Element("problem", display_name=question.title)
    first, *others = question.blanks[0] if question.blanks else ("",)
    fill_in = "numericalresponse" if first.isdigit() else "stringresponse"
    response = etree.SubElement(problem, _TYPES.get(question.type, fill_in))
    etree.SubElement(response, "label").text = question.stem.replace("*", "").replace("{{1}}", "____")
    if question.type is Type.BLANK:
        response.set("answer", first)
        if others:
            response.set("type", "ci")
        for other in others:
            etree.SubElement(response, "additional_answer", answer=other)
        etree.SubElement(response, "formulaequationinput" if first.isdigit() else "textline", size="20")
    else:
        group = etree.SubElement(response, "checkboxgroup" if question.type is Type.MULTIPLE else "choicegroup")
        if question.type is Type.SINGLE:
            group.set("type", "MultipleChoice")
            group.set("shuffle", "true")
        for choice in question.choices:
            etree.SubElement(group, "choice", correct=str(choice.correct).lower()).text = choice.text
    explanation = etree.SubElement(etree.SubElement(response, "solution"), "div", {"class": "detailed-solution"})
    etree.SubElement(explanation, "p").text = question.explanation.replace("*", "")
    return problem


def add_problem(site: Site, question: Question) -> Any:
    """Put a question into the store as a problem; returns its key."""
    key = site.key.make_usage_key("problem", f"capa-{question.id}")
    runtime = BenchRuntime(site, 0)
    ProblemBlock.parse_xml(problem_xml(question), runtime, ScopeIds(None, "problem", key, key)).save()
    return key


def check_request(key: Any, question: Question) -> Request:
    """What the page sends when the learner checks a right answer."""
    name = f"input_{key.html_id()}_2_1"
    if question.type is Type.BLANK:
        data = [(name, question.blanks[0][0])]
    elif question.type is Type.MULTIPLE:
        data = [(f"{name}[]", f"choice_{index}") for index in question.key]
    else:
        data = [(name, f"choice_{index}") for index in question.key]
    return Request.blank("/", method="POST", body=urlencode(data).encode(), content_type="application/x-www-form-urlencoded")
