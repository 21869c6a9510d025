#!/usr/bin/env python3
"""Every C++ file is as clang-format-19 writes it (`make format`)."""

import pathlib
import re
import subprocess
from typing import Iterator

import gatelib
from gatelib import Finding

WARNING = re.compile(r"(.+?):(\d+):\d+: (?:warning|error): ")


def check(root: pathlib.Path) -> Iterator[Finding]:
    paths = list(gatelib.files(root, *gatelib.CPP))
    if not paths:
        return
    result = subprocess.run(["clang-format-19", "--dry-run", *paths], capture_output=True, text=True, check=True)
    first = {}
    for match in map(WARNING.match, result.stderr.splitlines()):
        if match:
            first.setdefault(match[1], int(match[2]))
    for path, number in first.items():
        yield Finding(gatelib.relative(pathlib.Path(path), root), number, "not formatted; run make format")


if __name__ == "__main__":
    gatelib.run(check, __doc__)
