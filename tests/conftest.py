"""Fixtures of the black-box tests. Everything they start is of the test's own and ends with it."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from harness.celery_peer import PYTHON, CeleryClient, CeleryWorker
from harness.lab import Lab
from harness.proxy import FaultProxy
from harness.redis_server import RedisServer
from harness.worker import Worker


@pytest.fixture
def closing():
    """closing(thing) closes it at the end of the test, the last one first."""
    things = []

    def register(thing):
        things.append(thing)
        return thing

    yield register
    for thing in reversed(things):
        thing.close()


@pytest.fixture
def redis_server(tmp_path, closing):
    return closing(RedisServer(tmp_path / "redis"))


@pytest.fixture
def durable_redis(tmp_path, closing):
    """A Redis that loses nothing it has answered, however it ends."""
    return closing(RedisServer(tmp_path / "redis", appendonly=True))


@pytest.fixture
def proxy(redis_server, closing):
    return closing(FaultProxy(redis_server.port))


@pytest.fixture
def lab(tmp_path, redis_server, closing):
    return closing(Lab(tmp_path / "lab", redis_server.url))


@pytest.fixture
def start_worker(tmp_path, closing):
    """start_worker(server, ...) starts build/bin/localtea worker and waits until it is ready."""

    def start(server, *, through=None, **options):
        return closing(Worker(tmp_path / "worker", (through or server).url, **options))

    return start


@pytest.fixture(params=sorted(PYTHON))
def generation(request):
    """Each Celery generation in turn."""
    return request.param


@pytest.fixture
def celery(generation, redis_server, closing):
    return closing(CeleryClient(generation, redis_server.url))


@pytest.fixture
def start_celery_worker(generation, closing):
    def start(server, **options):
        return closing(CeleryWorker(generation, server.url, **options))

    return start
