#!/usr/bin/env python3
"""No file over 400 lines, no function over 60."""

import json
import pathlib
import subprocess
from collections.abc import Iterator

import gatelib
from gatelib import Finding

MAX_FILE = 400
MAX_FUNCTION = 60

CODE = (*gatelib.CPP, ".py", ".lua", ".rs", ".cmake", ".sh")
# Kinds that have a body, by the letters that universal-ctags gives them in C++ and Python.
FUNCTIONS = {"function", "member", "method"}


def functions(paths: list[pathlib.Path]) -> Iterator[dict]:
    """Every function with its first and last line."""
    command = ["ctags", "--output-format=json", "--fields=+neK", "--languages=C++,Python",
               "--langmap=C++:.hpp.cpp", "--kinds-C++=f", "--kinds-Python=fm", "-f", "-", "-L", "-"]
    listing = "\n".join(map(str, paths))
    output = subprocess.run(command, input=listing, capture_output=True, text=True, check=True).stdout
    for line in output.splitlines():
        tag = json.loads(line)
        if tag.get("kind") in FUNCTIONS and "end" in tag:
            yield tag


def check(root: pathlib.Path) -> Iterator[Finding]:
    paths = list(gatelib.files(root, *CODE))
    for path in paths:
        count = len(gatelib.lines(path))
        if count > MAX_FILE:
            yield Finding(gatelib.relative(path, root), count, f"{count} lines; at most {MAX_FILE} make a file")
    for tag in functions([p for p in paths if p.suffix in (*gatelib.CPP, ".py")]):
        length = tag["end"] - tag["line"] + 1
        if length > MAX_FUNCTION:
            path = gatelib.relative(pathlib.Path(tag["path"]), root)
            yield Finding(path, tag["line"],
                          f"{tag['name']} has {length} lines; at most {MAX_FUNCTION} make a function")


if __name__ == "__main__":
    gatelib.run(check, __doc__)
