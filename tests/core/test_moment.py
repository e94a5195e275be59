"""How moments are written: in a zone, summer or winter, and saying which."""

from __future__ import annotations

import datetime

import pytest

from ladder.core.moment import offset_name, zone_named

WINTER = datetime.datetime(2026, 1, 15, 6, 30, tzinfo=datetime.UTC)
SUMMER = datetime.datetime(2026, 7, 15, 6, 30, tzinfo=datetime.UTC)


@pytest.mark.parametrize(("name", "winter", "summer"), [
    ("Asia/Shanghai", "UTC+8", "UTC+8"), ("UTC", "UTC", "UTC"), ("America/New_York", "UTC-5", "UTC-4"),
    ("America/St_Johns", "UTC-3:30", "UTC-2:30"), ("Asia/Kathmandu", "UTC+5:45", "UTC+5:45"), ("Europe/London", "UTC", "UTC+1"),
])
def test_a_zone_is_named_by_its_distance_from_utc_on_that_day(name, winter, summer):
    zone = zone_named(name)
    assert [offset_name(at.astimezone(zone)) for at in (WINTER, SUMMER)] == [winter, summer]


def test_the_hour_that_a_zone_has_twice_is_told_apart():
    zone = zone_named("America/New_York")
    first, second = (datetime.datetime(2026, 11, 1, hour, 30, tzinfo=datetime.UTC).astimezone(zone) for hour in (5, 6))
    assert first.replace(tzinfo=None) == second.replace(tzinfo=None)
    assert (offset_name(first), offset_name(second)) == ("UTC-4", "UTC-5")


@pytest.mark.parametrize("name", [
    "", "Mars/Olympus", "America", "../Asia/Shanghai", "/etc/passwd", "Asia/../Asia/Shanghai", "Asia/Shanghai\0", "Asia/Shanghai\n",
    "tzdata.zi", "zone.tab", "+08:00", "A" * 10_000, "Asia/" * 1000, "中国",
])
def test_what_is_no_zone_is_none(name):
    assert zone_named(name) is None


@pytest.mark.parametrize("name", ["Asia/Shanghai", "Asia/Calcutta", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "GMT", "America/Port-au-Prince"])
def test_names_that_browsers_send_are_zones(name):
    assert str(zone_named(name)) == name
