"""Our crontabs run when Celery's do: random ones, and around every change of clocks."""

import concurrent.futures
import datetime
import os
import random
import subprocess
import zoneinfo

import pytest

from harness.celery_peer import HERE, PYTHON
from harness.worker import ROOT

EXPRESSIONS = 2_000
RUNS = 500
START = int(datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC).timestamp())
NEVER = int(datetime.datetime(9000, 1, 1, tzinfo=datetime.UTC).timestamp())
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago"]
AROUND = 3 * 86_400
DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


class Grammar:
    """Random crontabs, the same ones for the same seed."""

    def __init__(self, seed: int):
        self._random = random.Random(seed)

    def crontab(self, month_names: bool = True) -> str:
        return " ".join((self._field(0, 59, free=0.1), self._field(0, 23, free=0.3), self._days(month_names)))

    def rare_crontab(self) -> str:
        """Mostly at a few times of a day, most of them where clocks change: Celery takes its time over each run."""
        if self._random.random() < 0.02:
            return self.crontab()
        hours = self._numbers(4) if self._random.random() < 0.7 else self._numbers(23)
        return " ".join((self._numbers(59), hours, self._days(month_names=True)))

    def _days(self, month_names: bool) -> str:
        return " ".join((self._field(1, 31, free=0.6),
                         self._field(1, 12, free=0.6, names=MONTHS if month_names else None),
                         self._field(0, 6, free=0.6, names=DAYS)))

    def _numbers(self, high: int) -> str:
        return ",".join(str(self._random.randint(0, high)) for _ in range(self._random.randint(1, 3)))

    def _field(self, low: int, high: int, free: float, names: list[str] | None = None) -> str:
        if self._random.random() < free:
            return "*"
        parts = self._random.choices([1, 2, 3], [6, 2, 1])[0]
        return ",".join(self._part(low, high, names) for _ in range(parts))

    def _part(self, low: int, high: int, names: list[str] | None) -> str:
        kind = self._random.choice(["value", "value", "range", "stepped range", "steps"])
        if kind == "steps":
            return f"*/{self._random.randint(1, high)}"
        value = lambda: self._value(low, high, names)  # noqa: E731
        if kind == "value":
            return value()
        step = f"/{self._random.randint(1, high)}" if kind == "stepped range" else ""
        return f"{value()}-{value()}{step}"

    def _value(self, low: int, high: int, names: list[str] | None) -> str:
        value = self._random.randint(low, high)
        if names is None or self._random.random() < 0.5:
            return str(value)
        name = names[value - low]
        return self._random.choice([name, name.upper(), name.capitalize() + "x"])


def changes(zone: str) -> list[int]:
    """When the zone's clocks change, over ten years."""
    local = zoneinfo.ZoneInfo(zone)
    offset = lambda at: datetime.datetime.fromtimestamp(at, local).utcoffset()  # noqa: E731
    hours = range(START, START + 10 * 365 * 86_400, 3_600)
    return [hour for hour in hours if offset(hour) != offset(hour - 3_600)]


def answers(command: list, lines: list[str]) -> list[str]:
    done = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, timeout=600,
                          check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def compare(generation: str, questions: list[tuple[str, str, int, int, int]]) -> None:
    """Each question: fields, zone, begin, end, runs at most."""
    ours = answers([ROOT / "build/bin/schedule_runs"],
                   [f"crontab {fields} {zone}\t{begin}\t{end}\t{most}" for fields, zone, begin, end, most in questions])
    celery = [PYTHON[generation], HERE / "celery_crontab.py"]
    count = os.cpu_count()
    parts = [questions[first::count] for first in range(count)]
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        theirs = list(pool.map(lambda part: answers(celery, ["\t".join(map(str, each)) for each in part]), parts))
    assert len(ours) == len(questions)
    for index, question in enumerate(questions):
        assert ours[index] == theirs[index % count][index // count], question


@pytest.mark.parametrize("generation", ["5.2", "5.7"])
def test_first_runs_of_random_crontabs(generation):
    grammar = Grammar(5)
    names = generation != "5.2"  # which does not know the names of months
    compare(generation, [(grammar.crontab(names), "UTC", START, NEVER, RUNS) for _ in range(EXPRESSIONS)])


@pytest.mark.parametrize("zone", ZONES)
def test_every_run_around_changes_of_clocks(zone):
    """As 5.6, whose runs follow the wall: 5.2 is an hour off at some of them."""
    grammar = Grammar(ZONES.index(zone))
    around = changes(zone)
    assert len(around) >= 19
    fields = [grammar.rare_crontab() for _ in range(EXPRESSIONS // len(ZONES))]
    compare("5.6", [(each, zone, change - AROUND, change + AROUND, 10_000) for each in fields for change in around])
