#!/usr/bin/env python3
"""clang-tidy on every implementation file, with the compiler flags of build/release.

A file that passed is not looked at again until it, a header of ours that it includes, its flags or .clang-tidy
change (.cache/tidy). `--quick` looks at the files changed on this branch alone, and starts no new one after a minute:
`make test` uses it, `make check` looks at everything.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

import gatelib

TIDY = "clang-tidy-19"
QUICK_BUDGET_SECONDS = 60
UNITY_INCLUDE = re.compile(r'^#include "(.+\.cpp)"$', re.MULTILINE)
DIAGNOSTIC = re.compile(r"^(.+?):(\d+):\d+: (?:warning|error): (.+)$")


def compiled_together(unit: str) -> list[str]:
    """The sources that `unit` is made of: itself, or what a unity build put into it."""
    if "/Unity/" not in unit:
        return [unit]
    return UNITY_INCLUDE.findall(pathlib.Path(unit).read_text())


def entries(root: pathlib.Path) -> dict[str, str]:
    """Source file -> its compile command, for our own files."""
    commands = json.loads((root / "build/release/compile_commands.json").read_text())
    single = {source: e["command"].replace(e["file"], source) for e in commands
              for source in compiled_together(e["file"])}
    return {source: command for source, command in single.items()
            if pathlib.Path(source).is_relative_to(root) and "/build/" not in source
            and "/cmake/separate/" not in source}


def write_database(root: pathlib.Path, commands: dict[str, str]) -> None:
    """For clang-tidy, which looks a file up by its name."""
    database = [{"directory": str(root / "build/release"), "file": s, "command": c} for s, c in commands.items()]
    (root / "build/tidy").mkdir(exist_ok=True)
    (root / "build/tidy/compile_commands.json").write_text(json.dumps(database))


def dependencies(root: pathlib.Path) -> dict[str, list[str]]:
    """Source file -> the headers of the tree that it was last compiled with, as ninja recorded them."""
    command = ["ninja", "-C", root / "build/release", "-t", "deps"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    result = {}
    for block in output.split("\n\n"):
        paths = [line.strip() for line in block.splitlines()[1:]]
        ours = [str((root / "build/release" / p).resolve()) for p in paths]
        ours = [p for p in ours if p.startswith(f"{root}/")]
        # Files that were compiled together share what any of them includes.
        headers = [p for p in ours if p.endswith(".hpp")]
        result |= {path: headers for path in ours if path.endswith(".cpp")}
    return result


def key(root: pathlib.Path, source: str, command: str, used: list[str]) -> str:
    digest = hashlib.sha256(command.encode())
    for path in [str(root / ".clang-tidy"), source, *used]:
        if os.path.exists(path):
            digest.update(pathlib.Path(path).read_bytes())
    return digest.hexdigest()[:32]


def changed(root: pathlib.Path) -> set[str]:
    """Files that differ from where this branch left main; on main itself, what is not committed yet."""
    def git(*arguments: str) -> str:
        return subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True, check=False).stdout

    head = git("rev-parse", "HEAD").strip()
    base = next((b for ref in ("origin/main", "main") if (b := git("merge-base", ref, "HEAD").strip())), "")
    if not base:
        base = head
    names = git("diff", "--name-only", base).split() + git("ls-files", "-o", "--exclude-standard").split()
    return {str(root / name) for name in names}


def tidy(root: pathlib.Path, source: str) -> list[gatelib.Finding]:
    command = [TIDY, "-p", root / "build/tidy", "--quiet", source]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    found = [match for line in result.stdout.splitlines() if (match := DIAGNOSTIC.match(line))]
    if result.returncode != 0 and not found:
        return [gatelib.Finding(os.path.relpath(source, root), 1, result.stderr.strip()[-400:])]
    # What the analyzer reports inside somebody else's header, seen from our file, is not ours to mend.
    ours = [match for match in found if pathlib.Path(match[1]).is_relative_to(root)]
    return list(dict.fromkeys(gatelib.Finding(os.path.relpath(m[1], root), int(m[2]), m[3]) for m in ours))


def check(root: pathlib.Path, quick: bool):
    started = time.monotonic()
    cache = root / ".cache" / "tidy"
    cache.mkdir(parents=True, exist_ok=True)
    used = dependencies(root)
    commands = entries(root)
    write_database(root, commands)
    keys = {s: key(root, s, c, used.get(s, [])) for s, c in commands.items()}
    todo = [s for s, k in keys.items() if not (cache / k).exists()]
    if quick:
        touched = changed(root)
        todo = [s for s in todo if touched.intersection([s, *used.get(s, [])])]

    def one(source: str):
        if quick and time.monotonic() - started > QUICK_BUDGET_SECONDS:
            return None
        findings = tidy(root, source)
        if not findings:
            (cache / keys[source]).touch()
        return findings

    left = 0
    seen = set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for number, findings in enumerate(pool.map(one, todo), start=1):
            left += findings is None
            yield from (f for f in findings or [] if f not in seen and not seen.add(f))
            if not quick and number % 20 == 0:
                print(f"clang-tidy: {number} of {len(todo)}", file=sys.stderr, flush=True)
    if left:
        print(f"clang-tidy: {left} changed files are left to make check", file=sys.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--quick", action="store_true", help="changed files only, for about a minute")
    options = parser.parse_args()
    gatelib.report(check(options.root.resolve(), options.quick))
