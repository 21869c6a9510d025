"""Who is compared: a program with the commands of bench/samovar_peer.cpp, and how to see what it has left to do."""

import json
import os
import pathlib
import subprocess
from collections.abc import Callable

import redis

from harness.celery_peer import PYTHON
from harness.ledger import reserved_count
from harness.process import Process, die_with_parent
from harness.redis_server import RedisServer
from harness.worker import BIN, ROOT

PROGRAMS = ROOT / "bench" / "peers"
BULLMQ = ROOT / "build" / "bullmq"


class Peer:
    """Its clients and workers, in a database of its own on the common server."""

    def __init__(self, name: str, version: str, database: int, server: RedisServer, trace: pathlib.Path, *,
                 program: list, worker: list, left: Callable[[redis.Redis], int]):
        self.name, self.version = name, version
        self.trace = trace
        self.redis = redis.Redis(port=server.port, db=database)
        self._program, self._worker, self._left = program, worker, left
        self._environment = {"PATH": os.environ["PATH"], "BENCH_TRACE": str(trace), "PYTHONDONTWRITEBYTECODE": "1",
                             "C_FORCE_ROOT": "1", "REDIS_URL": f"redis://127.0.0.1:{server.port}/{database}"}

    def ask(self, command: str, count: int) -> list[float]:
        """Runs send, bulk or spaced to its end; returns the numbers it printed."""
        done = subprocess.run([*self._program, command, str(count)], env=self._environment, cwd=PROGRAMS, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True,
                              preexec_fn=die_with_parent)
        return [float(line) for line in done.stdout.split()]

    def start_worker(self) -> Process:
        return Process(self._worker, self._environment, PROGRAMS)

    def left(self) -> int:
        """Tasks that wait or run."""
        return self._left(self.redis)

    def starts(self) -> list[float]:
        """When each noting task began."""
        return [float(line) for line in self.trace.read_text().split()] if self.trace.exists() else []

    def clear(self) -> None:
        self.redis.flushdb()
        self.trace.unlink(missing_ok=True)


def _left_in_kombu(client: redis.Redis) -> int:
    return client.llen("bench") + reserved_count(client)


def _left_in_bullmq(client: redis.Redis) -> int:
    return client.llen("bull:bench:wait") + client.llen("bull:bench:active")


def samovar(server: RedisServer, folder: pathlib.Path) -> Peer:
    program = BIN / "samovar_peer"
    return Peer("Samovar", "", 1, server, folder / "samovar", program=[program],
                worker=[program, "worker", "-c", 64, "--loglevel", "warning"], left=_left_in_kombu)


def celery(server: RedisServer, folder: pathlib.Path) -> Peer:
    python = PYTHON["5.6"]
    version = subprocess.run([python, "-c", "import celery; print(celery.__version__)"], capture_output=True,
                             text=True, check=True).stdout.strip()
    # Processes, one for each core: its quickest pool for tasks that do nothing.
    worker = [python, "-m", "celery", "-A", "celery_peer", "worker", "-c", os.cpu_count() or 2, "--loglevel", "warning"]
    return Peer("Celery", version, 2, server, folder / "celery", program=[python, PROGRAMS / "celery_peer.py"],
                worker=worker, left=_left_in_kombu)


def bullmq(server: RedisServer, folder: pathlib.Path) -> Peer | None:
    """None where scripts/fetch_bullmq found no node."""
    if not (BULLMQ / "complete").exists():
        return None
    version = json.loads((BULLMQ / "node_modules" / "bullmq" / "package.json").read_text())["version"]
    program = ["node", BULLMQ / "bullmq_peer.mjs"]
    return Peer("BullMQ", version, 3, server, folder / "bullmq", program=program, worker=[*program, "worker", 64],
                left=_left_in_bullmq)
