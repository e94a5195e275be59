"""Writes a database of a few people for `test_upgrades.py`: LADDER_KEEP_TO=tests/tools/kept/0005.sql .venv/bin/pytest tests/tools/kept/make.py

To be run once, when a migration lands, with the code that has landed with it. What is kept is never made anew.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connections

from trainee import Trainee


def test_keep(site: Any, sign_in: Callable[[str], Any], act: Callable[..., Any]) -> None:
    lin, wang, zhao, trainer = (Trainee(sign_in(name), act, site) for name in ("lin", "wang", "zhao", "trainer"))
    lin.finish_first_stage()
    lin.learn("refunding")
    wang.learn("welcome")
    wang.play("late-van", [1])
    sheet = wang.start("first-exam")
    wang.save("first-exam", sheet, [(card, wang.right(card)) for card in sheet.cards[:2]])
    zhao.learn("welcome")
    zhao.play("late-van", [1, 1])
    zhao.sit("first-exam", knows=lambda _: False)
    trainer.sit("first-exam")
    for person in (lin, wang, zhao, trainer):
        person.client.get("/course/")
    connections.close_all()
    records = sqlite3.connect(connections.settings["default"]["NAME"])
    lines = [line for line in records.iterdump() if not line.startswith('INSERT INTO "auth_permission"')]  # Django fills that in
    records.close()
    Path(os.environ["LADDER_KEEP_TO"]).write_text("\n".join(lines) + "\n", encoding="utf-8")
