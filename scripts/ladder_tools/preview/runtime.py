"""The workbench's runtime, made fit for use: real keys, content in memory, the signed-in user, no asides."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from workbench.runtime import WorkbenchRuntime
from xblock.exceptions import NoSuchUsage
from xblock.fields import ScopeIds
from xblock.reference.user_service import UserService, XBlockUser
from xblock.runtime import NullI18nService, Runtime

if TYPE_CHECKING:
    from ladder_tools.preview.content import Site


class SignedInUser(UserService):
    """The user of this request, with the attributes that the LMS gives."""

    def __init__(self, user: Any) -> None:
        super().__init__()
        self._user = user

    def get_user_by_anonymous_id(self, uid: str | None = None) -> Any:
        """The user whom the gradebook knows by this name."""
        return get_user_model().objects.filter(id=str(uid).removeprefix("preview-")).first()

    def get_current_user(self) -> XBlockUser:
        """Who is signed in."""
        user = XBlockUser(is_current_user=True, full_name=getattr(self._user, "first_name", ""))
        signed_in = self._user is not None and self._user.is_authenticated
        user.opt_attrs["edx-platform.is_authenticated"] = signed_in
        user.opt_attrs["edx-platform.user_id"] = self._user.id if signed_in else None
        user.opt_attrs["edx-platform.username"] = self._user.username if signed_in else None
        user.opt_attrs["edx-platform.anonymous_user_id"] = f"preview-{self._user.id}" if signed_in else None
        user.opt_attrs["edx-platform.user_is_staff"] = bool(signed_in and self._user.is_staff)
        return user


class PreviewRuntime(WorkbenchRuntime):
    """One request's runtime. `user` is None when blocks are only parsed."""

    def __init__(self, site: Site, user: Any) -> None:
        from ladder_tools.preview.content import KEY_IDS

        # Past the workbench's own constructor, which brings its key-value store and its one made-up student.
        Runtime.__init__(self, KEY_IDS, id_generator=KEY_IDS, services={
            "field-data": site.fields, "user": SignedInUser(user), "i18n": NullI18nService(),
        })
        self._site = site
        self._learner_id = user.id if user is not None and user.is_authenticated else None

    @property
    def course_language(self) -> str:
        """The code of the language that `course.md` names."""
        return self._site.course.settings.language

    def get_block(self, usage_id: Any, for_parent: Any = None) -> Any:
        """A block of the course; NoSuchUsage when there is none."""
        if usage_id not in self._site.usage_keys:
            raise NoSuchUsage(repr(usage_id))
        block_type = usage_id.block_type
        keys = ScopeIds(self._learner_id, block_type, usage_id, usage_id)
        return self.construct_xblock(block_type, keys, for_parent=for_parent)

    def _patch_xblock(self, block: Any) -> None:
        """Nothing to patch: our blocks ask for nothing that legacy blocks expect."""

    def _wrap_ele(self, block: Any, view: str, frag: Any, extra_data: Any = None) -> Any:
        """Without the workbench's jQuery: the page brings a small runtime of its own."""
        return Runtime._wrap_ele(self, block, view, frag, extra_data)

    def get_asides(self, block: Any) -> list[Any]:
        """None: looking for them scans every installed package at every render."""
        return []

    def handler_url(self, block: Any, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False) -> str:
        """Where a handler answers."""
        url = f"/handler/{block.scope_ids.usage_id}/{handler_name}/{suffix}"
        return f"{url}?{query}" if query else url

    def local_resource_url(self, block: Any, uri: str) -> str:
        """A file of the package's `public/`, with its fingerprint."""
        name = uri.removeprefix("public/")
        return f"/resource/ladder/{name}?v={_fingerprint(name)}"

    def publish(self, block: Any, event_type: str, event_data: Any) -> None:
        """The preview has no gradebook: what counts stands in the records."""


@lru_cache(maxsize=64)
def _fingerprint(name: str) -> str:
    return hashlib.sha256((files("ladder") / "public" / name).read_bytes()).hexdigest()[:12]
