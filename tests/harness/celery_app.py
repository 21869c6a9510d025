"""The Celery application that stands for the shop's Python programs, under either Celery generation.

As a program it is a client: one JSON command a line on stdin, one JSON answer a line on stdout. As a module for
`celery -A` it is a worker. LAB_URL names the Redis.
"""

import datetime
import gc
import json
import os
import sys
import time

from celery import Celery, chain, chord, group
from celery.exceptions import TimeoutError as CeleryTimeout
from celery.result import AsyncResult

URL = os.environ["LAB_URL"]

ROUTES = {"backend.worker.test_celery": {"queue": "main-queue"}, "lab.*": {"queue": "lab"}}

app = Celery("lab", broker=URL, backend=URL)
app.conf.task_routes = ROUTES
app.conf.broker_transport_options = {"visibility_timeout": int(os.environ.get("LAB_VISIBILITY", "3600"))}
app.conf.worker_prefetch_multiplier = 1
app.conf.broker_connection_retry_on_startup = True


@app.task(name="backend.worker.test_celery", acks_late=True)
def test_celery(word):
    return f"test task return {word}"


@app.task(name="lab.add")
def add(x, y):
    return x + y


@app.task(name="lab.fail")
def fail(text):
    raise ValueError(text)


@app.task(name="lab.note")
def note(word):
    return word


@app.task(name="lab.gives_up_with_a_cause", autoretry_for=(RuntimeError,), retry_kwargs={"max_retries": 2, "countdown": 0.5})
def gives_up_with_a_cause():
    raise RuntimeError("nope")


@app.task(name="lab.gives_up_without_a_cause", bind=True, max_retries=2)
def gives_up_without_a_cause(self):
    raise self.retry(countdown=0.5)


@app.task(name="lab.wait_for_file", acks_late=True)
def wait_for_file(path):
    """Blocks until somebody opens the named pipe for writing."""
    with open(path, encoding="utf-8") as pipe:
        return pipe.read()


def _options(options):
    """Relative times, so that both sides of the pipe need no common clock."""
    options = dict(options)
    if "eta_in" in options:
        delta = datetime.timedelta(seconds=options.pop("eta_in"))
        options["eta"] = datetime.datetime.now(datetime.UTC) + delta
    return options


def send(name, args=(), kwargs=None, options=None):
    return app.send_task(name, args=args, kwargs=kwargs or {}, **_options(options or {})).id


def _step(task, *args):
    return app.signature(task, args=args, queue="lab")


WORKFLOWS = {
    "chain": lambda task: chain(_step(task, "first"), _step("lab.note"), _step("lab.note")),
    "group": lambda task: group(_step(task, "one"), _step(task, "two")),
    "chord": lambda task: chord([_step(task, "one"), _step(task, "two")], _step("lab.note")),
    "group in a chain": lambda task: chain(_step(task, "first"), group(_step("lab.note"), _step("lab.note"))),
    "chord in a chain": lambda task: chain(_step(task, "first"), group(_step("lab.note"), _step("lab.note")),
                                           _step("lab.note")),
    "link": lambda task: _linked(task, link=_step("lab.note")),
    "link_error": lambda task: _linked(task, link_error=_step("lab.note")),
    "link_list": lambda task: _linked(task, link=[_step("lab.note"), _step("lab.note")]),
}


def _linked(task, **options):
    signature = _step(task, "first")
    signature.set(**{name: value if isinstance(value, list) else [value] for name, value in options.items()})
    return signature


def workflow(kind, task, timeout=30):
    """Sends one of those and waits for its end, as a program does: what get() returned, threw, or "hangs"."""
    sent = WORKFLOWS[kind](task).apply_async()
    try:
        return {"value": sent.get(timeout=timeout)}
    except CeleryTimeout:
        return "hangs"
    except Exception as error:
        return {"error": type(error).__name__, "text": str(error)}


# A client with a result backend subscribes to the result of each task it sends, and Celery unsubscribes in
# AsyncResult.__del__. Where that runs inside redis-py's subscribe, which holds a lock, the program hangs (seen with
# 5.6.3 and redis 5.3.1). So the client below runs without a garbage collector, and many tasks are sent by an
# application that reads no results; the messages are the same.
sender = Celery("lab", broker=URL)
sender.conf.task_routes = ROUTES


def send_many(name, count, first=0, queue=None):
    """`count` tasks, each with one number as its word, over one connection."""
    with sender.producer_pool.acquire(block=True) as producer:
        return [sender.send_task(name, args=[str(first + n)], producer=producer, queue=queue).id
                for n in range(count)]


def result(id, timeout=30):
    pending = AsyncResult(id, app=app)
    try:
        value = pending.get(timeout=timeout, propagate=False)
    except CeleryTimeout:
        return {"state": pending.state, "value": None}
    if isinstance(value, BaseException):
        value = {"type": type(value).__name__, "text": str(value)}
    return {"state": pending.state, "value": value}


def inspect(method, arguments, options):
    """What each node answers, by its name; None: nobody did."""
    return app.control.inspect(**options)._request(method, **arguments)


def broadcast(method, arguments, options):
    return app.control.broadcast(method, arguments=arguments, **options)


held = []


def hold(queue, count):
    """Takes messages with a channel of kombu's and acknowledges none; `held` keeps them."""
    channel = app.connection_for_read().channel()
    held[:] = [channel.basic_get(queue) for _ in range(count)]
    return [message.headers["id"] for message in held]


def acknowledge():
    for message in held:
        message.ack()


def give_back():
    """As a worker does that ends with messages in its hands. Returns the seconds that it took."""
    begun = time.monotonic()
    held[0].channel.close()
    return time.monotonic() - begun


def sweep():
    """Restores what others hold, as every process that consumes does after the visibility timeout; here at once.
    Returns the seconds that it took."""
    channel = app.connection_for_read().channel()
    channel.visibility_timeout = 0
    begun = time.monotonic()
    channel.qos.restore_visible(num=None)
    return time.monotonic() - begun


COMMANDS = {function.__name__: function
            for function in (send, send_many, result, workflow, inspect, broadcast, hold, acknowledge, give_back, sweep)}


def main():
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"answer": COMMANDS[request["command"]](**request["arguments"])}
        except Exception as error:  # whatever it is belongs to the caller's side of the pipe
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    gc.disable()
    main()
