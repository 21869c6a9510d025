"""What a document tells its reader to type exists: commands with their options, make's targets, variables, files."""

import functools
import itertools
import re
import shlex
import subprocess

import pytest

from harness.worker import BIN, ROOT

LISTED = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, text=True, capture_output=True, check=True).stdout.split()
# A changelog and a decision speak of their day.
DOCUMENTS = [name for name in LISTED if not name.startswith("docs/decisions/") and name != "CHANGELOG.md"]

PROGRAMS = ("localtea", "samovar")
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
VARIABLE = re.compile(r"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=.*)?")
# Where a name that is no variable of the shop's configuration may be read.
READERS = [*ROOT.glob("tests/**/*.py"), *ROOT.glob("scripts/*"), *ROOT.glob("examples/*.cpp"), *ROOT.glob("bench/*"),
           *ROOT.glob("[a-z]*/CMakeLists.txt"), ROOT / "CMakeLists.txt", *ROOT.glob("cmake/*"),
           *ROOT.glob("*/include/samovar/*.hpp"), ROOT / "Makefile"]


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def snippets(document: str):
    """Code spans, and the lines of fenced blocks that a shell would read."""
    fence = None
    for line in text_of(document).splitlines():
        if line.startswith("```"):
            fence = None if fence is not None else line[3:].strip()
        elif fence is None:
            yield from SPAN.findall(line)
        elif fence in ("", "sh", "console"):
            yield line.strip().removeprefix("$ ")


def words_of(snippet: str) -> list[str]:
    try:
        words = shlex.split(snippet, comments=True)
    except ValueError:
        return []
    while words and (words[0] in ("sudo", "exec") or VARIABLE.fullmatch(words[0])):
        words = words[1:]
    if words:
        words[0] = words[0].rsplit("/", 1)[-1]
    return words


def commands(document: str, programs: tuple[str, ...]):
    """Each command line that begins with one of the programs; `a|b` stands for two of them."""
    for snippet in snippets(document):
        for part in re.split(r"\s(?:&&|\||;|&)(?:\s|$)", snippet):
            words = words_of(part)
            if words and words[0] in programs:
                yield from map(list, itertools.product(*(word.split("|") if re.fullmatch(r"[a-z|-]+", word) else [word]
                                                         for word in words)))


@functools.cache
def help_of(*command: str) -> str | None:
    """What `--help` prints; None: there is no such command."""
    run = subprocess.run([BIN / command[0], *command[1:], "--help"], text=True, capture_output=True, timeout=30,
                         check=False)
    return run.stdout + run.stderr if run.returncode == 0 else None


def subcommands(help_text: str) -> set[str]:
    """Names at the left of what follows a heading such as 'Commands:'."""
    found = set()
    inside = False
    for line in help_text.splitlines():
        if line and not line.startswith(" "):
            inside = bool(re.fullmatch(r"(sub)?commands:", line.strip(), re.IGNORECASE))
        elif inside and (match := re.match(r"  ([a-z][a-z-]*)\b", line)):
            found.add(match[1])
    return found


def problem_of(words: list[str]) -> str | None:
    chain, rest = [words[0]], words[1:]
    while True:
        text = help_of(*chain)
        if text is None:
            return f"there is no command '{' '.join(chain)}'"
        names = subcommands(text)
        if not (rest and names and re.fullmatch(r"[a-z][a-z-]*", rest[0])):
            break
        if rest[0] not in names:
            return f"'{' '.join(chain)}' has no command '{rest[0]}'"
        chain.append(rest.pop(0))
    for word in rest:
        option = word.split("=", 1)[0]
        if re.fullmatch(r"--?[a-zA-Z][\w-]*", option) and not re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", text):
            return f"'{' '.join(chain)}' has no option {option}"
    return None


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_and_their_options_exist(document):
    problems = {" ".join(words): problem for words in commands(document, PROGRAMS) if (problem := problem_of(words))}
    assert not problems


@pytest.mark.parametrize("document", DOCUMENTS)
def test_targets_of_make_exist(document):
    listed = subprocess.run(["make", "help"], cwd=ROOT, text=True, capture_output=True, check=True).stdout
    known = set(re.findall(r"^make (\S+)", listed, re.MULTILINE))
    named = {word for words in commands(document, ("make",)) for word in words[1:] if re.fullmatch(r"[a-z][a-z-]*", word)}
    assert named <= known


@pytest.mark.parametrize("document", DOCUMENTS)
def test_variables_are_read_by_something(document):
    known = text_of("docs/configuration.md") if document != "docs/configuration.md" else ""
    readers = known + "".join(path.read_text(encoding="utf-8", errors="replace") for path in READERS if path.is_file())
    readers += (ROOT / "localtea/config/table.cpp").read_text(encoding="utf-8")
    named = {match[1] for snippet in snippets(document) if (match := VARIABLE.fullmatch(snippet))}
    assert {name for name in named if not re.search(rf"\b{name}\b", readers)} == set()


@pytest.mark.parametrize("document", LISTED)
def test_links_lead_somewhere(document):
    folder = (ROOT / document).parent
    assert [target for target in LINK.findall(text_of(document)) if not (folder / target).exists()] == []


def test_the_look_at_documents_can_fail():
    assert problem_of(["localtea", "brew"]) == "'localtea' has no command 'brew'"
    assert problem_of(["localtea", "dead", "bury"]) == "'localtea dead' has no command 'bury'"
    assert problem_of(["localtea", "dead", "list", "--jsn"]) == "'localtea dead list' has no option --jsn"
    assert problem_of(["localtea", "dead", "list", "--json"]) is None
