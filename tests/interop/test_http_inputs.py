"""Requests as FastAPI reads them: the same bytes to it and to our HTTP layer, and the same answers: the status, the values
that were read, and of errors `loc` and `type`. What differs on purpose is in http_differences.txt, which says why."""

import collections
import fnmatch
import http.client
import json
import os
import pathlib
import socket

import pytest

from harness.http_cases import Case, Generator
from harness.process import Process
from harness.worker import BIN, ROOT

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20261129
NUMBER = 2_000


class Peer:
    def __init__(self, command: list):
        self.process = Process(command, env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"})
        self.port = int(self.process.lines[self.process.wait_line(r"^\d+$") - 1])

    def answer(self, case: Case) -> str:
        status, headers, body = self._exchange(case.bytes_for())
        if status == 307:
            path = headers["location"].removeprefix("http://localhost")
            status, headers, body = self._exchange(case.bytes_for(path))
        return summary(status, body)

    def _exchange(self, request: bytes) -> tuple:
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(request)
            reply = http.client.HTTPResponse(connection, method=request.split(b" ", 1)[0].decode())
            reply.begin()
            return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()

    def close(self) -> None:
        self.process.close()


def summary(status: int, body: bytes) -> str:
    if status == 200 and body:
        return f"200 {json.dumps(json.loads(body), ensure_ascii=False, sort_keys=True)}"
    if status != 422:
        return str(status)
    errors = [f"{error['type']} at {'.'.join(map(str, error['loc']))}" for error in json.loads(body)["detail"]]
    return "422 " + ", ".join(errors)


class Difference:
    """A line `kind | ours | theirs | reason`; the first three are patterns, and each line must be met."""

    def __init__(self, line: str):
        self.kind, self.ours, self.theirs, self.reason = (part.strip() for part in line.split("|"))
        self.met = 0

    def covers(self, case: Case, ours: str, theirs: str) -> bool:
        return all(fnmatch.fnmatchcase(text, pattern) for text, pattern in
                   ((case.kind, self.kind), (ours, self.ours), (theirs, self.theirs)))


def read_differences() -> list[Difference]:
    lines = (HERE / "http_differences.txt").read_text(encoding="utf-8").splitlines()
    return [Difference(line) for line in lines if line and not line.startswith("#")]


@pytest.fixture
def ours(closing):
    return closing(Peer([BIN / "http_inputs"]))


@pytest.fixture
def fastapi(closing):
    return closing(Peer([ROOT / "build" / "fastapi-tests" / "bin" / "python", HERE.parent / "harness" / "fastapi_app.py"]))


def test_every_request_is_read_as_fastapi_reads_it(ours, fastapi):
    known, unknown, same = read_differences(), [], collections.Counter()
    for case in Generator(SEED).cases(NUMBER):
        mine, theirs = ours.answer(case), fastapi.answer(case)
        if mine == theirs:
            same[case.kind] += 1
            continue
        found = [difference for difference in known if difference.covers(case, mine, theirs)]
        for difference in found[:1]:
            difference.met += 1
        if not found:
            unknown.append(f"{case.kind}: {case.bytes_for()!r}\n  ours:   {mine}\n  theirs: {theirs}")
    print(f"\n{sum(same.values())} of {NUMBER} alike, {sum(d.met for d in known)} differ as listed, {len(unknown)} otherwise")
    assert not unknown, f"{len(unknown)} differ:\n" + "\n".join(unknown[:20])
    unmet = [difference.reason for difference in known if not difference.met]
    assert not unmet, f"listed, but no longer so: {unmet}"
