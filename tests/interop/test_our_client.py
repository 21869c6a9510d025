"""Our client sends to a Celery worker, and reads the result that Celery wrote."""

import json

import pytest

from harness.worker import run_command


@pytest.fixture
def call(redis_server, tmp_path):
    """call(task, *options) waits for the task's end; returns the exit status, the value, and what went to stderr."""

    def run(*arguments):
        done = run_command(tmp_path / "client", redis_server.url, "call", *arguments, "--wait", "60")
        return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr

    return run


@pytest.fixture
def worker(redis_server, start_celery_worker):
    return start_celery_worker(redis_server)


def test_by_position_by_name_and_in_any_alphabet(worker, call):
    assert call("lab.add", "--args", "[2, 3]", "--queue", "lab") == (0, 5, "")
    assert call("lab.add", "--kwargs", '{"x": "чай", "y": " и сахар"}', "--queue", "lab") == (0, "чай и сахар", "")


def test_routed_by_the_application(worker, call):
    assert call("backend.worker.test_celery", "--kwargs", '{"word": "ours"}') == (0, "test task return ours", "")


def test_countdown_priority_and_expiry_are_understood(worker, call):
    options = ["--queue", "lab", "--countdown", "0.5", "--priority", "6", "--expires", "600"]
    assert call("lab.add", "--args", "[1, 1]", *options) == (0, 2, "")


def test_expired_call_is_revoked_by_celery(worker, call):
    status, value, problem = call("lab.add", "--args", "[1, 1]", "--queue", "lab", "--expires", "2000-01-01T00:00:00Z")
    assert (status, value) == (1, None)
    assert "TaskRevokedError" in problem


def test_exception_of_a_python_task_comes_back(worker, call):
    status, value, problem = call("lab.fail", "--args", '["сломано"]', "--queue", "lab")
    assert (status, value) == (1, None)
    assert "ValueError" in problem and "сломано" in problem
