#!/usr/bin/env python3
"""Every *_test.cpp is compiled into a program that ctest runs (in build/release, configured with tests)."""

import json
import pathlib
import re
import subprocess
from collections.abc import Iterator

import gatelib
from gatelib import Finding

TARGET = re.compile(r" -o \S*?CMakeFiles/([^/ ]+)\.dir/")


def compiled(root: pathlib.Path) -> dict[str, set[str]]:
    """Source file -> the targets that it is compiled into."""
    result: dict[str, set[str]] = {}
    for entry in json.loads((root / "build/release/compile_commands.json").read_text()):
        match = TARGET.search(entry["command"])
        if match:
            result.setdefault(entry["file"], set()).add(match[1])
    return result


def run_by_ctest(root: pathlib.Path) -> set[str]:
    """Names of the programs that ctest starts."""
    command = ["ctest", "--test-dir", root / "build/release", "--show-only=json-v1"]
    listing = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return {pathlib.Path(test["command"][0]).name for test in listing["tests"] if test.get("command")}


def check(root: pathlib.Path) -> Iterator[Finding]:
    targets = compiled(root)
    programs = run_by_ctest(root)
    for path in gatelib.files(root, ".cpp"):
        if not path.name.endswith("_test.cpp"):
            continue
        name = gatelib.relative(path, root)
        owners = targets.get(str(path), set())
        if not owners:
            yield Finding(name, 1, "is compiled into nothing")
        elif not owners & programs:
            yield Finding(name, 1, f"is compiled into {', '.join(sorted(owners))}, which ctest does not run")


if __name__ == "__main__":
    gatelib.run(check, __doc__)
