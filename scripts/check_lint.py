#!/usr/bin/env python3
"""Format, shell, spelling, Python, Lua and Rust, each by its own tool: the hooks of .pre-commit-config.yaml."""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile


def lint(root: pathlib.Path, index: str) -> subprocess.CompletedProcess:
    """Runs every hook on every file. pre-commit asks git which files there are: here a git folder of the moment,
    so that new files count, and a tree that is no clone (or somebody else's) will do."""
    environment = {**os.environ, "GIT_DIR": index, "GIT_WORK_TREE": str(root), "GIT_INDEX_FILE": f"{index}/index",
                   "PRE_COMMIT_HOME": str(root / ".cache" / "pre-commit")}
    for command in (["git", "init", "--quiet"], ["git", "-c", "core.compression=0", "add", "--all"]):
        subprocess.run(command, cwd=root, env=environment, check=True, stderr=subprocess.PIPE)
    return subprocess.run(["pre-commit", "run", "--all-files", "--color", "never"], cwd=root, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root.resolve()
    with tempfile.TemporaryDirectory() as index:
        result = lint(root, index)
    for line in result.stdout.splitlines():
        if line.startswith("not run: ") or (result.returncode != 0 and not line.endswith(("Passed", "Skipped"))):
            print(line)
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
