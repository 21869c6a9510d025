#!/usr/bin/env python3
"""No coroutine of ours is started detached: what it throws would be seen by nobody, and its end neither.

base::Roles, TaskGroup and futures read every outcome. Tests, examples and benchmarks may do it.
"""

import pathlib
import re
from collections.abc import Iterator

import gatelib
from gatelib import Finding

PARTS = ("base/", "samovar/", "web/", "localtea/")
DETACHED = re.compile(r"\bdetached\b")
COMMENT = re.compile(r"//.*$")


def check(root: pathlib.Path) -> Iterator[Finding]:
    for path in gatelib.files(root, *gatelib.CPP):
        name = gatelib.relative(path, root)
        if not name.startswith(PARTS) or "/tests/" in name:
            continue
        for number, line in enumerate(gatelib.lines(path), start=1):
            if DETACHED.search(COMMENT.sub("", line)):
                yield Finding(name, number, "starts a coroutine whose end nobody sees: use base::Roles or a TaskGroup")


if __name__ == "__main__":
    gatelib.run(check, __doc__)
