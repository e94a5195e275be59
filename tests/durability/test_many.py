"""Many browsers at once, each with a connection that it keeps."""

from __future__ import annotations

from http.client import HTTPConnection
from pathlib import Path

import pytest

from durability.course import write_course
from durability.preview import Preview

BROWSERS = 700


@pytest.mark.slow
def test_whoever_comes_last_is_served_while_all_others_keep_their_connections(tmp_path: Path) -> None:
    server = Preview(write_course(tmp_path), tmp_path / "data")
    server.start()
    connections = [HTTPConnection("127.0.0.1", server.port, timeout=20) for _ in range(BROWSERS)]
    try:
        for connection in connections:
            connection.request("GET", "/version/")
            response = connection.getresponse()
            assert (response.status, bool(response.read())) == (200, True)
    finally:
        for connection in connections:
            connection.close()
        server.kill()
