"""The figures as a page."""

import datetime
import os
import pathlib
import platform
import re
import subprocess

from harness.worker import ROOT

from .peers import Peer


def _machine() -> str:
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"{os.cpu_count()} cores{f' ({model[1]})' if model else ''}, Linux {platform.release()}"


def _redis() -> str:
    return subprocess.run(["redis-server", "--version"], capture_output=True, text=True, check=True).stdout.split()[2]


def _commit() -> str:
    described = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=ROOT,
                               check=False)
    return described.stdout.strip() or "an unknown commit"


def _row(what: str, ours: float, theirs: list[float]) -> str:
    cells = [f"{ours:,.2f}"]
    for value in theirs:
        # A processor that did less than the clock can tell.
        ratio = f"{ours / value:,.2f}" if value else "–"
        cells += [f"{value:,.2f}", ratio]
    return f"| {what} | {' | '.join(cells)} |"


def render(columns: dict[Peer, dict[str, float]], extra: dict[str, float], command: str) -> str:
    """`columns`: each peer's figures, ours first."""
    ours, *others = columns
    title = f"| what | {ours.name} |" + "".join(f" {peer.name} {peer.version} | ours / theirs |" for peer in others)
    rows = [_row(what, value, [columns[peer][what] for peer in others]) for what, value in columns[ours].items()]
    lines = [
        "# Results", "",
        f"Written by `{command}` at {_commit()} on {datetime.date.today()}: {_machine()}, Redis {_redis()},"
        f" load {os.getloadavg()[2]:.1f} over the quarter of an hour before the end. [README.md](README.md) says what"
        " each figure means.", "",
        title, "|---|" + "---:|" * (1 + 2 * len(others)), *rows, "",
        *(["BullMQ is left out: there is no node on this machine.", ""] if len(others) < 2 else []),
        "| what | value |", "|---|---:|", *(f"| {what} | {value:,.2f} |" for what, value in extra.items()), "",
    ]
    return "\n".join(lines)
