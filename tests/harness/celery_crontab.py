"""Prints when Celery's beat would run crontabs: the other side of tests/programs/schedule_runs.cpp.

Run by the Python of one Celery generation. Each line of standard input: crontab with five fields, tab, zone, tab,
unix seconds to begin after, tab, to end before, tab, runs at most. Answers each with one line of unix seconds, or with "refused" where
Celery finds that the day never comes.
"""

import functools
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, UTC

from celery import Celery
from celery.schedules import crontab


class Clock:
    def __init__(self, zone: str):
        self.app = Celery("schedules", set_as_current=False)
        self.app.conf.update(timezone=zone, enable_utc=True)
        self.now = None
        self.crontab = functools.cache(self._read)

    def _read(self, fields: str) -> crontab:
        minute, hour, day_of_month, month_of_year, day_of_week = fields.split(" ")
        return crontab(minute, hour, day_of_week, day_of_month, month_of_year, nowfun=self.local, app=self.app)

    def local(self) -> datetime:
        return self.now.astimezone(self.app.timezone)


def plans(schedule: crontab, clock: Clock) -> Iterator[int]:
    """What beat plans after each run: its next one. In UTC it keeps to it."""
    while True:
        clock.now += schedule.remaining_estimate(clock.local())
        yield int(clock.now.timestamp())


def looks(schedule: crontab, clock: Clock) -> Iterator[int | None]:
    """What beat does: look, run when due, sleep for as long as the schedule says."""
    last = clock.local()
    while True:
        due, pause = schedule.is_due(last)
        if due:
            last = clock.local()
        yield int(last.timestamp()) if due else None
        clock.now += timedelta(seconds=pause)


def runs(clock: Clock, fields: str, begin: int, end: int, most: int) -> list[int]:
    schedule = clock.crontab(fields)
    clock.now = datetime.fromtimestamp(begin, UTC)
    way = plans if clock.app.conf.timezone == "UTC" else looks
    found: list[int] = []
    try:
        for run in way(schedule, clock):
            if clock.now.timestamp() >= end:
                break
            if run is not None:
                found.append(run)
            if len(found) == most:
                break
    except (OverflowError, ValueError):  # Python's calendar ends with the year 9999
        pass
    return found


def main() -> None:
    clocks: dict[str, Clock] = {}
    for line in sys.stdin:
        fields, zone, begin, end, most = line.rstrip("\n").split("\t")
        clock = clocks.setdefault(zone, Clock(zone))
        try:
            print(*runs(clock, fields, int(begin), int(end), int(most)))
        except RuntimeError:
            print("refused")


if __name__ == "__main__":
    main()
