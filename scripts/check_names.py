#!/usr/bin/env python3
"""One way to name a thing: cases of tests, decisions, and what a class hides."""

import pathlib
import re
from collections.abc import Iterator

import gatelib
from gatelib import Finding

CASE = re.compile(r"^(?:TYPED_)?TEST(?:_[FP])?\(\w+, (\w+)\)")
SNAKE = re.compile(r"[a-z][a-z0-9_]*")
HIDDEN = re.compile(r"^\s+(?:struct|class) (State|Parts|Private|Data|Pimpl|Hidden);")
DECISIONS = "docs/decisions"
HEADING = re.compile(r"# (\d{3}): [^a-z]")


def check_cases(root: pathlib.Path) -> Iterator[Finding]:
    for path in gatelib.files(root, ".cpp"):
        for number, line in enumerate(gatelib.lines(path), start=1):
            match = CASE.match(line)
            if match and not SNAKE.fullmatch(match[1]):
                yield Finding(gatelib.relative(path, root), number,
                              f"{match[1]}: a case's name is a sentence in lower case, words_joined_like_this")


def check_hidden(root: pathlib.Path) -> Iterator[Finding]:
    for path in gatelib.files(root, ".hpp"):
        for number, line in enumerate(gatelib.lines(path), start=1):
            match = HIDDEN.match(line)
            if match:
                yield Finding(gatelib.relative(path, root), number,
                              f"{match[1]}: the hidden part of a class is named Impl")


def check_decisions(root: pathlib.Path) -> Iterator[Finding]:
    for path in sorted((root / DECISIONS).glob("*.md")):
        first = next(iter(gatelib.lines(path)), "")
        match = HEADING.match(first)
        if not match or match[1] != path.name[:3]:
            yield Finding(gatelib.relative(path, root), 1, f'a decision begins with "# {path.name[:3]}: Its sentence"')


def check(root: pathlib.Path) -> Iterator[Finding]:
    yield from check_cases(root)
    yield from check_hidden(root)
    yield from check_decisions(root)


if __name__ == "__main__":
    gatelib.run(check, __doc__)
