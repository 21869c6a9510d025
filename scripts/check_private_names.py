#!/usr/bin/env python3
"""No two files of a module give a private function, type or constant the same name.

The release build compiles a module's files together, where a call could silently choose the other file's overload.
"""

import collections
import pathlib
import re
from collections.abc import Iterator

import gatelib
from gatelib import Finding

MODULES = ("samovar/src/*", "web/src", "localtea/*", "samovar/tests/support", "localtea/tests/support")
OPENS = re.compile(r"^namespace \{")
CLOSES = re.compile(r"^\}  // namespace$")
# Definitions start at the left edge, as clang-format puts them.
FUNCTION = re.compile(r"^(?=\S)(?!template|using|namespace|return|#|//)(?:\[\[\w+\]\] )?[\w:<>,&*\[\]\s]+?[ &*](\w+)\((?!.*;$)")
TYPE = re.compile(r"^(?:struct|class|enum(?: class)?) (\w+)")
CONSTANT = re.compile(r"^(?:inline )?const(?:expr)? [\w:<>,\s*]+? \*?(\w+)(?:\{| = |\[)")


def private_names(path: pathlib.Path) -> dict[str, int]:
    """Name -> line, of what is defined in unnamed namespaces. Overloads within one file are one name."""
    names: dict[str, int] = {}
    inside = False
    for number, line in enumerate(gatelib.lines(path), start=1):
        inside = bool(OPENS.match(line)) or (inside and not CLOSES.match(line))
        if not inside:
            continue
        match = TYPE.match(line) or CONSTANT.match(line) or FUNCTION.match(line)
        if match:
            names.setdefault(match[1], number)
    return names


def check(root: pathlib.Path) -> Iterator[Finding]:
    folders: dict[pathlib.Path, list[pathlib.Path]] = collections.defaultdict(list)
    modules = {folder for pattern in MODULES for folder in root.glob(pattern)}
    for path in gatelib.files(root, ".cpp"):
        if path.parent in modules:
            folders[path.parent].append(path)
    for files in folders.values():
        owner: dict[str, str] = {}
        for path in sorted(files):
            name_of_file = gatelib.relative(path, root)
            for name, line in private_names(path).items():
                first = owner.setdefault(name, name_of_file)
                if first != name_of_file:
                    yield Finding(name_of_file, line, f"{first} has a private {name}, too")


if __name__ == "__main__":
    gatelib.run(check, __doc__)
