#!/usr/bin/env python3
"""Every shell script passes shellcheck and asks for -u and -o pipefail."""

import pathlib
import subprocess
from typing import Iterator

import gatelib
from gatelib import Finding


def is_shell(path: pathlib.Path) -> bool:
    if path.suffix not in ("", ".sh"):
        return False
    with path.open("rb") as file:
        first = file.readline()
    return path.suffix == ".sh" or (first.startswith(b"#!") and first.rstrip().endswith((b"bash", b"/sh")))


def check(root: pathlib.Path) -> Iterator[Finding]:
    scripts = [path for path in gatelib.files(root) if is_shell(path)]
    for path in scripts:
        text = gatelib.lines(path)
        if text[0].startswith("#!") and not any(line.startswith(("set -uo pipefail", "set -euo pipefail")) for line in text):
            yield Finding(gatelib.relative(path, root), 1, "no `set -euo pipefail`")
    command = ["shellcheck", "--external-sources", "--source-path=SCRIPTDIR/..", "--format=gcc", *scripts]
    output = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False) if scripts else None
    for line in output.stdout.splitlines() if output else []:
        path, number, _, message = line.split(":", 3)
        yield Finding(gatelib.relative(pathlib.Path(path), root), int(number), message.strip())


if __name__ == "__main__":
    gatelib.run(check, __doc__)
