#!/usr/bin/env python3
"""Nothing unfinished, no test switched off, one clock, no sleeping tests, no path of somebody's machine."""

import pathlib
import re
from typing import NamedTuple
from collections.abc import Iterator

import gatelib
from gatelib import Finding

# This file and the tests of the gates have to spell out what they look for.
SPELLED_OUT = ("scripts/check_words.py", "tests/gates/")

CODE = (*gatelib.CPP, ".py", ".lua", ".rs", ".sql", ".cmake", ".sh", "")


class Rule(NamedTuple):
    name: str
    pattern: re.Pattern
    message: str
    applies: re.Pattern  # to the path


def rule(name: str, pattern: str, message: str, applies: str = "") -> Rule:
    return Rule(name, re.compile(pattern), message, re.compile(applies))


TESTS = r"(^|/)tests/|^examples/"
# Tests wait for real processes, and so need real deadlines.
NOT_TESTS = r"^(?!.*(^|/)tests/).*\.[ch]pp$"
RULES = (
    rule("unfinished", r"\b(TODO|FIXME|XXX|HACK|WIP)\b", "unfinished: do it, or open an issue"),
    rule("disabled", r"\bDISABLED_|\bGTEST_SKIP\b|pytest\.(mark\.)?(skip|xfail)|unittest\.skip|\bDISABLED TRUE\b",
         "a test that does not run is no test"),
    rule("commented-out", r"^\s*(//|/\*)\s*(TEST(_[FP])?|TYPED_TEST)\s*\(|^\s*#\s*(async )?def test_|^\s*#if 0\b",
         "commented out: remove it or run it"),
    rule("clock", r"\b(system_clock|steady_clock|high_resolution_clock|utc_clock)::now\s*\(|\bstd::time\s*\(|"
                  r"\bclock_gettime\s*\(|\bgettimeofday\s*\(",
         "reads a clock; take a samovar::Clock", NOT_TESTS),
    rule("sleep", r"\bsleep_(for|until)\s*\(|\b(u|nano)?sleep\s*\(", "a test that sleeps to synchronise", TESTS),
    rule("machine", r"(?<![\w.])/(home|root|work|Users|mnt)/\w", "a path of one machine", ""),
)


def violations(root: pathlib.Path) -> Iterator[tuple[str, Finding]]:
    for path in gatelib.files(root):
        name = gatelib.relative(path, root)
        if name.startswith(SPELLED_OUT) or path.suffix not in CODE:
            continue
        for number, line in enumerate(gatelib.lines(path), start=1):
            for each in RULES:
                if each.applies.search(name) and each.pattern.search(line):
                    yield each.name, Finding(name, number, f"{each.message} [{each.name}]")


def check(root: pathlib.Path) -> Iterator[Finding]:
    return gatelib.without_exceptions(root, {each.name for each in RULES}, violations(root))


if __name__ == "__main__":
    gatelib.run(check, __doc__)
