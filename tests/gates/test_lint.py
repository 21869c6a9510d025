"""Each tool behind scripts/check_lint.py finds a fault of its kind, told by our own configuration."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIGURATION = (".pre-commit-config.yaml", ".clang-format", ".shellcheckrc", ".codespellrc", "ruff.toml", ".luacheckrc",
                 "scripts/lib.sh", "scripts/find_cargo", "scripts/run_clippy")
JINJA = "localtea/mail/jinja"
ENVIRONMENT = {"CARGO_HOME": str(ROOT / ".cache" / "cargo"), **os.environ}


@pytest.fixture
def tree(tmp_path):
    """A tree that is no clone, with the tools' configuration and the scripts that Redis runs."""
    for name in CONFIGURATION:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for folder in ROOT.glob("samovar/src/*/scripts"):
        shutil.copytree(folder, tmp_path / folder.relative_to(ROOT))
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "ruff").symlink_to(ROOT / "build" / "ruff")
    (tmp_path / ".gitignore").write_text("/build\n/.cache\n")
    return tmp_path


def lint(root: pathlib.Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, ROOT / "scripts" / "check_lint.py", "--root", root], env=ENVIRONMENT,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def plant(root: pathlib.Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")
    if text.startswith("#!"):
        (root / path).chmod(0o755)


SHELL = "#!/usr/bin/env bash\nset -euo pipefail\n"


def test_nothing_is_found_where_nothing_is_wrong(tree):
    plant(tree, "samovar/src/core/a.cpp", "int f() { return 1; }\n")
    plant(tree, "scripts/a", SHELL + 'rm "$1"\n')
    plant(tree, "scripts/a.py", "print(1)\n")
    plant(tree, "samovar/tests/vectors/a.json", '"recieve"\n')
    assert lint(tree) == (0, "")


def test_every_tool_finds_a_fault_of_its_kind(tree):
    plant(tree, "samovar/src/core/a.cpp", "int  f( ){return 1;}\n")
    plant(tree, "scripts/unquoted", SHELL + "rm $1\n")
    plant(tree, "scripts/careless", "#!/usr/bin/env bash\necho hello\n")
    plant(tree, "docs/a.md", "What we recieve.\n")
    plant(tree, "scripts/a.py", "import os\n")
    plant(tree, "scripts/named_by_its_first_line", "#!/usr/bin/env python3\nprint(unheard_of)\n")
    plant(tree, "samovar/src/broker/scripts/a.lua", "return now_us() + let_in(KEYS[1])\n")
    status, output = lint(tree)
    assert status == 1
    for finding in ("samovar/src/core/a.cpp:1:4: error: code should be clang-formatted", "scripts/unquoted:3:4: note: ",
                    "scripts/careless\n", "docs/a.md:1: recieve ==> receive", "scripts/a.py:1:8: F401",
                    "scripts/named_by_its_first_line:2:7: F821",
                    # Of the files joined to it by Redis's connection it has common.lua, and not limits.lua.
                    "a.lua:1:19: accessing undefined variable 'let_in'"):
        assert finding in output, f"{finding}\n{output}"
    assert "now_us" not in output


def test_clippy_finds_a_fault_or_says_that_there_is_none(tree):
    shutil.copytree(ROOT / JINJA, tree / JINJA, ignore=shutil.ignore_patterns("target"))
    with (tree / JINJA / "src" / "json.rs").open("a", encoding="utf-8") as file:
        file.write("\npub fn bad(names: &Vec<String>) -> bool {\n    names.len() == 0\n}\n")
    cargo = subprocess.check_output([ROOT / "scripts" / "find_cargo"], text=True).strip()
    has_clippy = subprocess.run([cargo, "clippy", "--version"], capture_output=True, check=False).returncode == 0
    status, output = lint(tree)
    if has_clippy:
        assert (status, "length comparison to zero" in output) == (1, True), output
    else:
        assert (status, output) == (0, f"not run: {cargo} has no clippy\n")


def test_a_cargo_without_clippy_is_said(tmp_path):
    for name in ("cargo", "rustc"):
        plant(tmp_path, f"bin/{name}", f'#!/bin/sh\n[ "$1" = --version ] && echo "{name} 1.99.0"\n')
    done = subprocess.run([ROOT / "scripts" / "run_clippy"], capture_output=True, text=True, check=False,
                          env={**os.environ, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}"})
    assert (done.returncode, done.stdout) == (0, f"not run: {tmp_path}/bin/cargo has no clippy\n"), done.stderr
