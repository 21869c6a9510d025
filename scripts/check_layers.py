#!/usr/bin/env python3
"""Includes follow the one-way graph of scripts/layers.txt."""

import pathlib
import re
from collections.abc import Iterator

import gatelib
from gatelib import Finding
from layers import PUBLIC_ROOTS, Module, Table

INCLUDE = re.compile(r'\s*#\s*include\s*(["<])([^">]+)[">]')

# Where a quoted include is looked for, besides the folder of the including file: the including project's own folders
# first, as its targets have them.
ROOTS = {"base": ("base/include", "base/tests"), "samovar": ("samovar/src", "samovar/tests"), "web": ("web/src", "web/tests"),
         "localtea": ("localtea", "localtea/tests")}
EVERYWHERE = tuple(root for roots in ROOTS.values() for root in roots)
# Made by the build from text files of the module that includes them.
GENERATED = "embedded/"


def resolve(root: pathlib.Path, including: pathlib.Path, target: str) -> str | None:
    """Path from the root of the file that a quoted include means."""
    own = ROOTS.get(gatelib.relative(including, root).split("/")[0], ())
    for folder in (including.parent, *(root / r for r in (*own, *EVERYWHERE))):
        path = (folder / target).resolve()
        if path.is_file() and path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return None


def judge_public(table: Table, module: Module, project: str, target: str) -> str | None:
    path = f"{PUBLIC_ROOTS[project][0]}/{target.split('/', 1)[1]}"
    owner = table.module_of(path)
    if owner is None:
        return f"scripts/layers.txt does not say which module <{target}> belongs to"
    if not module.may_use_public(project, owner):
        return f"{module.name} may not include <{target}> of {owner.name}"
    return None


def judge_quoted(root: pathlib.Path, table: Table, module: Module, path: pathlib.Path, target: str) -> str | None:
    if target.startswith(GENERATED):
        return None
    found = resolve(root, path, target)
    if found is None:
        return f'"{target}" is no file of the project; other headers are included in angle brackets'
    other = table.module_of(found)
    if other is None:
        return f'"{target}" belongs to no module of scripts/layers.txt'
    if not module.may_use(other):
        return f'{module.name} may not include "{target}" of {other.name}'
    return None


def check_file(root: pathlib.Path, table: Table, path: pathlib.Path) -> Iterator[Finding]:
    name = gatelib.relative(path, root)
    module = table.module_of(name)
    if module is None:
        yield Finding(name, 1, "belongs to no module of scripts/layers.txt")
        return
    for number, line in enumerate(gatelib.lines(path), start=1):
        match = INCLUDE.match(line)
        if not match:
            continue
        bracket, target = match.groups()
        project = target.split("/", 1)[0]
        problem = None
        if bracket == "<" and project in PUBLIC_ROOTS and "/" in target:
            problem = judge_public(table, module, project, target)
        elif bracket == '"':
            problem = judge_quoted(root, table, module, path, target)
        if problem:
            yield Finding(name, number, problem)


def check(root: pathlib.Path) -> Iterator[Finding]:
    table = Table(root / "scripts" / "layers.txt")
    for path in gatelib.files(root, *gatelib.CPP):
        if not gatelib.relative(path, root).startswith("cmake/"):
            yield from check_file(root, table, path)


if __name__ == "__main__":
    gatelib.run(check, __doc__)
