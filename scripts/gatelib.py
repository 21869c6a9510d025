"""What every gate shares: which files there are, how a finding looks, how a gate is run.

A gate is a program that prints one line per finding and exits 1 when there is any. `--root` points it at another
tree, which is how tests/gates shows that each gate can fail.
"""

import argparse
import os
import pathlib
import sys
from typing import NamedTuple
from collections.abc import Callable, Iterable, Iterator

# Built, downloaded, or somebody's data: not ours to judge.
SKIPPED_FOLDERS = {"__pycache__", ".pytest_cache", "target"}
SKIPPED_AT_ROOT = {".git", "build", "var", ".cache"}

CPP = (".hpp", ".cpp")

EXCEPTIONS = "scripts/exceptions.txt"


class Finding(NamedTuple):
    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


def files(root: pathlib.Path, *suffixes: str) -> Iterator[pathlib.Path]:
    """Every file of the tree with one of the suffixes (all files when none is given), in a fixed order."""
    for folder, folders, names in os.walk(root):
        at_root = pathlib.Path(folder) == root
        folders[:] = sorted(
            f for f in folders if f not in SKIPPED_FOLDERS and not (at_root and f in SKIPPED_AT_ROOT)
        )
        # In a worktree .git is a file.
        for name in sorted(n for n in names if not (at_root and n in SKIPPED_AT_ROOT)):
            path = pathlib.Path(folder) / name
            if not path.is_symlink() and (not suffixes or path.suffix in suffixes):
                yield path


def lines(path: pathlib.Path) -> list[str]:
    """The lines of a text file; none for a binary one."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []


def relative(path: pathlib.Path, root: pathlib.Path) -> str:
    return path.relative_to(root).as_posix()


def data_lines(path: pathlib.Path) -> Iterator[tuple[int, str]]:
    """Numbered lines of a data file of ours without comments and blank lines."""
    for number, line in enumerate(lines(path), start=1):
        text = line.split("#", 1)[0].strip()
        if text:
            yield number, text


def exceptions(root: pathlib.Path, rules: set[str]) -> dict[tuple[str, str], int]:
    """Reasoned exceptions to these rules: (rule, path) -> line in scripts/exceptions.txt."""
    result = {}
    for number, text in data_lines(root / EXCEPTIONS):
        parts = text.split(None, 2)
        if len(parts) < 3:
            raise SystemExit(f"{EXCEPTIONS}:{number}: needs RULE PATH REASON")
        if parts[0] in rules:
            result[parts[0], parts[1]] = number
    return result


def without_exceptions(root: pathlib.Path, rules: set[str],
                       found: Iterable[tuple[str, Finding]]) -> Iterator[Finding]:
    """The findings, of a rule each, that no exception covers, and the exceptions that nothing needs."""
    allowed = exceptions(root, rules)
    used = set()
    for rule, finding in found:
        if (rule, finding.path) in allowed:
            used.add((rule, finding.path))
        else:
            yield finding
    for key, number in allowed.items():
        if key not in used:
            yield Finding(EXCEPTIONS, number, f"no longer needed: {' '.join(key)}")


def run(check: Callable[[pathlib.Path], Iterable[Finding]], description: str) -> None:
    """The main program of a gate."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    report(check(parser.parse_args().root.resolve()))


def report(findings: Iterable[Finding]) -> None:
    """Prints the findings and ends the program: 1 when there are any."""
    count = 0
    for finding in findings:
        print(finding)
        count += 1
    sys.exit(1 if count else 0)
