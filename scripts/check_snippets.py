#!/usr/bin/env python3
"""A C++ block in a document is a file that is compiled: `<!-- file: PATH -->` before it names the file, and the two
are equal."""

import pathlib
import re
from collections.abc import Iterator

import gatelib
from gatelib import Finding

MARKER = re.compile(r"<!-- file: (\S+) -->")


def blocks(text: list[str]) -> Iterator[tuple[int, str | None, list[str]]]:
    """(line of the fence, marked file or None, content) of each ```cpp block."""
    number = 0
    while number < len(text):
        if text[number].strip() == "```cpp":
            before = next((line for line in reversed(text[:number]) if line.strip()), "")
            marker = MARKER.fullmatch(before.strip())
            end = next((n for n in range(number + 1, len(text)) if text[n].strip() == "```"), len(text))
            yield number + 1, marker and marker[1], text[number + 1 : end]
            number = end
        number += 1


def check(root: pathlib.Path) -> Iterator[Finding]:
    for path in gatelib.files(root, ".md"):
        name = gatelib.relative(path, root)
        for number, marked, content in blocks(gatelib.lines(path)):
            if marked is None:
                yield Finding(name, number, "a ```cpp block without <!-- file: PATH --> is never compiled")
            elif not (root / marked).is_file():
                yield Finding(name, number, f"{marked} does not exist")
            elif gatelib.lines(root / marked) != content:
                yield Finding(name, number, f"differs from {marked}")


if __name__ == "__main__":
    gatelib.run(check, __doc__)
