"""The platform as the blocks meet it in the LMS: what they publish is kept by the platform's own apps."""

from __future__ import annotations

import json
from typing import Any

from completion.models import BlockCompletion
from completion.services import CompletionService
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from xblock.completable import XBlockCompletionMode
from xblock.django.request import webob_to_django_response

from host import Host
from trainee import Trainee


class LmsHost(Host):
    """A runtime that does with a completion what `handle_completion_event` of the platform does."""

    def publish(self, block: Any, event_type: str, event_data: Any) -> None:
        super().publish(block, event_type, event_data)
        if event_type == "completion":
            user = get_user_model().objects.get(id=self._learner_id)
            BlockCompletion.objects.submit_completion(user, block.scope_ids.usage_id, event_data["completion"])


class LmsTrainee(Trainee):
    """Somebody signed in, whose requests reach the blocks as the LMS passes them on."""

    @property
    def host(self) -> LmsHost:
        """A runtime of this user's, new for each request."""
        return LmsHost(self.site.now, self.client.user)

    def act(self, kind: str, name: str, handler: str, data: Any = None) -> HttpResponse:
        response = webob_to_django_response(self.host.send(self.site.usage(kind, name), handler, data))
        response.json = lambda: json.loads(response.content)  # type: ignore[attr-defined]  (as the test client does)
        return response

    def see(self, name: str) -> str:
        kind = self.site.now.positions[name].unit.kind
        return str(self.host.get_block(self.site.usage(kind, name)).render("student_view").content)

    def done(self) -> dict[str, float]:
        """What the platform says is done, by block."""
        rows = BlockCompletion.objects.filter(user_id=self.id).values_list("block_key", "completion")
        return {key.block_id: completion for key, completion in rows}

    def ticked(self, name: str) -> bool:
        """Whether the platform ticks the unit with this block off."""
        user = get_user_model().objects.get(id=self.id)
        kind = self.site.now.positions[name].unit.kind
        return bool(CompletionService(user, self.site.now.key).vertical_is_complete(_Unit(self.host, self.site, kind, name)))


class _Unit:
    """A vertical with one block, as the platform asks it."""

    completion_mode = XBlockCompletionMode.AGGREGATOR

    def __init__(self, host: LmsHost, site: Any, kind: str, name: str) -> None:
        self.scope_ids = type("Ids", (), {"block_type": "vertical"})
        self._block = host.get_block(site.usage(kind, name))

    def get_children(self) -> list[Any]:
        return [self._block]


