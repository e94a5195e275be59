"""A request that no page of ours sends is refused as such, by every handler, before anything is done."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.http.request import RawPostDataException, UnreadablePostError
from webob import Request

from ladder.core.errors import Malformed
from ladder.handlers import MAX_REQUEST_BYTES, read_json
from requests_of_all import REQUESTS
from trainee import FIRST_STAGE

UNITS = FIRST_STAGE | {"mistakes": "mistakes"}
OTHER_TYPES = ["multipart/form-data", "application/x-www-form-urlencoded", "text/plain", "application/octet-stream", ""]


def rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in apps.get_app_config("ladder").get_models()}


@pytest.mark.parametrize("kind", UNITS)
def test_what_is_not_json_is_malformed_to_every_handler(kind, site, sign_in):
    for user in ("trainee", "trainer"):
        client = sign_in(user)
        client.get(f"/unit/{UNITS[kind]}/")  # the stage opens
        before = rows()
        for handler, data in ((name, data) for (of_kind, name), data in REQUESTS.items() if of_kind == kind):
            url, body = f"/handler/{site.usage(kind, UNITS[kind])}/{handler}", json.dumps(data)
            replies = [client.post(url, {name: json.dumps(value) for name, value in data.items()} | {"x": "1"})]
            replies += [client.generic("POST", url, body, content_type=type_) for type_ in OTHER_TYPES]
            for response in replies:
                may_not = handler == "studio_save" and user == "trainee"
                assert response.status_code == (403 if may_not else 400), (handler, user, response.content)
                assert list(response.json()) == ["error"]
        assert rows() == before


@pytest.mark.parametrize("type_", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_json_is_read_however_its_type_is_spelt(type_):
    assert read_json(Request.blank("/", method="POST", body=b'{"a": 1}', content_type=type_)) == {"a": 1}


@pytest.mark.parametrize("error", [RawPostDataException("read already"), UnreadablePostError("the line was cut")])
def test_a_body_that_cannot_be_read_is_malformed(error):
    class Cut(Request):
        @property
        def body(self) -> Any:
            raise error

    with pytest.raises(Malformed):
        read_json(Cut.blank("/", method="POST", content_type="application/json"))


def test_a_body_that_does_not_say_its_length_is_bounded_too():
    request = Request.blank("/", method="POST", body=b'{"a": "' + b"x" * MAX_REQUEST_BYTES + b'"}', content_type="application/json")
    request.content_length = None
    request.is_body_readable = True
    with pytest.raises(Malformed):
        read_json(request)
