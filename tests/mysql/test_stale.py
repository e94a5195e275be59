"""Where the database refuses to write over what has changed since it was read, the write reads again.

So does PostgreSQL above READ COMMITTED, and MariaDB 11.6 and later at REPEATABLE READ unless told otherwise.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from ladder.records import journal
from ladder.records.models import StageOpening
from racing import in_a_thread

REFUSING = {
    "mysql": ("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SET SESSION innodb_snapshot_isolation = ON"),
    "postgresql": ("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ",),
}


def test_a_write_that_has_read_what_another_changed_meanwhile_reads_again(site: Any, clock: Any) -> None:
    StageOpening.objects.create(learner_id=1, course="course", stage="start", opened_at=clock.time, evidence=["first"])
    with connection.cursor() as cursor:
        for setting in REFUSING[connection.vendor]:
            cursor.execute(setting)
    read: list[list[str]] = []

    @journal.together
    def add() -> None:
        read.append(StageOpening.objects.get().evidence)
        if len(read) == 1:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(in_a_thread, lambda: StageOpening.objects.update(evidence=["first", "other"])).result(30)
        StageOpening.objects.update(evidence=[*read[-1], "mine"])

    add()
    assert read == [["first"], ["first", "other"]]
    assert StageOpening.objects.get().evidence == ["first", "other", "mine"]
