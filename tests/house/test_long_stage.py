"""`make test-long` runs what `make test` leaves out, and forgets none of it."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from test_stages import FULL_NUMBERS, LONG_PROGRAMS, LONG_TESTS  # noqa: E402

PYTHON = re.compile(r'environ\.get\("([A-Z_]+)", "\d+"\)')
CPP = re.compile(r'getenv\("([A-Z_]+)"\)')


def variables(pattern, paths):
    """{variable: files} of the numbers that tests take from their environment."""
    found = {}
    for path in paths:
        for name in pattern.findall(path.read_text()):
            found.setdefault(name, set()).add(path.relative_to(ROOT).as_posix())
    return found


def test_every_number_that_a_python_test_takes_is_set_and_its_file_runs():
    found = variables(PYTHON, (ROOT / "tests").rglob("test_*.py"))
    assert found, "no test takes numbers: the pattern is out of date"
    assert {file for name in found for file in found[name]} == set(LONG_TESTS)
    assert set(found) <= set(FULL_NUMBERS)


def test_every_number_that_a_cpp_test_takes_is_set_and_its_program_runs():
    found = variables(CPP, (path for part in ("base", "samovar", "web", "localtea")
                            for path in (ROOT / part).rglob("*_test.cpp")))
    assert found and set(found) <= set(FULL_NUMBERS)
    for path in {file for files in found.values() for file in files}:
        part = re.fullmatch(r"(\w+)/tests/(\w+)/(\w+)/\w+_test\.cpp", path)
        program = f"{part[1]}_{part[3]}_{part[2]}"
        suite = re.search(r"^TEST_F\((\w+),", (ROOT / path).read_text(), re.MULTILINE)[1]
        assert LONG_PROGRAMS.get(program) == f"{suite}.*", path


def test_nothing_else_is_set():
    taken = set(variables(PYTHON, (ROOT / "tests").rglob("test_*.py")))
    taken |= set(variables(CPP, ROOT.glob("*/tests/**/*_test.cpp")))
    assert set(FULL_NUMBERS) == taken
