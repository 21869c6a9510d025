"""What the system gives too little of: a process of ours goes on with less, and says so."""

import os
import resource
import subprocess

from harness.process import die_with_parent
from harness.waiting import eventually
from harness.worker import BIN

TASKS = 3_000


def resident(pid: int) -> int:
    with open(f"/proc/{pid}/statm", encoding="ascii") as pages:
        return int(pages.read().split()[1]) * resource.getpagesize()


def test_worker_whose_log_nobody_reads_goes_on(redis_server, celery, lab):
    reader, writer = os.pipe()
    environment = {**lab.environment, "PATH": os.environ["PATH"], "REDIS_URL": redis_server.url}
    worker = subprocess.Popen([BIN / "lab", "worker", "-Q", "lab", "-c", "2"], env=environment, stderr=writer,
                              preexec_fn=die_with_parent)
    try:
        ids = celery.send_many("lab.note", TASKS, queue="lab")
        eventually(lambda: all(redis_server.client.exists(f"celery-task-meta-{id}") for id in ids), "every result")
        with os.fdopen(reader, "rb") as log:
            os.set_blocking(log.fileno(), False)
            log.read()
            celery.result(celery.send("lab.note", "after", queue="lab"))
            assert b"log lines were lost before this one" in eventually(log.read, "the log's next lines")
        # Its reader is gone for good now.
        assert celery.result(celery.send("lab.note", "unread", queue="lab"))["state"] == "SUCCESS"
        assert worker.poll() is None
    finally:
        os.close(writer)
        worker.kill()
        worker.wait()


def address_space(pid: int) -> int:
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmSize:"))


def test_threads_that_cannot_be_created_are_fewer_tasks_at_a_time(redis_server, celery, lab):
    worker = lab.worker(concurrency=4)
    pipe = lab.pipe("held")
    # Room for one thread's stack, not for two.
    room = address_space(worker.process.pid) + (14 << 20)
    resource.prlimit(worker.process.pid, resource.RLIMIT_AS, (room, room))
    held = celery.send("lab.hold", str(pipe), queue="lab")
    eventually(lambda: lab.starts()[held] == 1, "the first task's start")
    others = [celery.send("lab.note", str(n), queue="lab") for n in range(10)]
    worker.process.wait_line(r"no more threads .* of 4 tasks at a time, 1 run")
    lab.release(pipe)
    for id in (held, *others):
        assert celery.result(id)["state"] == "SUCCESS"
        assert lab.starts()[id] == 1
    assert worker.process.running()


def test_too_few_descriptors_are_said(redis_server, lab):
    limits = (40, 60)
    worker = lab.worker(wrapper=("prlimit", f"--nofile={limits[0]}:{limits[1]}"))
    worker.process.wait_line("may need 68 open files and connections, and the system allows 60")
    assert resource.prlimit(worker.process.pid, resource.RLIMIT_NOFILE) == (60, 60)
    assert worker.process.text.count("open files") == 1


def test_soft_limit_of_descriptors_is_raised_to_the_hard_one(redis_server, lab):
    worker = lab.worker(wrapper=("prlimit", "--nofile=40:4096"))
    assert resource.prlimit(worker.process.pid, resource.RLIMIT_NOFILE) == (4096, 4096)
    assert "open files" not in worker.process.text


def test_memory_of_large_results_goes_back_to_the_system(redis_server, celery, lab):
    worker = lab.worker(concurrency=4)
    for size in (9 << 20, 2 << 20, 9 << 20):
        ids = [celery.send("lab.note", str(n) + "x" * size, queue="lab") for n in range(4)]
        for id in ids:
            eventually(lambda id=id: redis_server.client.exists(f"celery-task-meta-{id}"), "the result", timeout=60)
    eventually(lambda: resident(worker.process.pid) < 40 << 20, "its memory to be given back")
