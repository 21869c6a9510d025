"""Python's rate limits as a neighbour, run in build/limits: the `limits` library by hand, and an application with
slowapi. Reads one JSON list of commands a line and writes one JSON list of answers. The clock is what commands say."""

import asyncio
import json
import os
import sys
import time

if "LIMITS_FROZEN" in os.environ:
    _now = [0.0]
    time.time = lambda: _now[0]

import limits
import limits.storage
import limits.strategies
import slowapi
import slowapi.errors
import slowapi.util
import starlette.applications
import starlette.responses
import starlette.routing

URL = os.environ["LIMITS_URL"]


class Library:
    def __init__(self):
        storage = limits.storage.storage_from_string(URL)
        self._limiters = {name: kind(storage) for name, kind in limits.strategies.STRATEGIES.items()}

    def act(self, strategy: str, action: str, cost: int, identifier: str, limit: str):
        limiter, item = self._limiters[strategy], limits.parse(limit)
        if action == "clear":
            limiter.clear(item, identifier)
            return None
        admitted = getattr(limiter, action)(item, identifier, cost=cost)
        reset, remaining = limiter.get_window_stats(item, identifier)
        return [admitted, remaining, reset - time.time()]


class SlowApi:
    """POST /api/v1/user/login with slowapi's decorator, called without a socket from 127.0.0.1."""

    def __init__(self):
        limiter = slowapi.Limiter(key_func=slowapi.util.get_remote_address, storage_uri=URL, headers_enabled=True)

        @limiter.limit("3/minute;20/hour")
        async def login(request: starlette.requests.Request):
            return starlette.responses.PlainTextResponse("welcome")

        route = starlette.routing.Route("/api/v1/user/login", login, methods=["POST"])
        self._app = starlette.applications.Starlette(routes=[route])
        self._app.state.limiter = limiter
        self._app.add_exception_handler(slowapi.errors.RateLimitExceeded, slowapi._rate_limit_exceeded_handler)

    async def _call(self):
        seen = []

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            seen.append(message)

        path = "/api/v1/user/login"
        await self._app({"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
                         "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
                         "root_path": "", "headers": [], "client": ("127.0.0.1", 50000),
                         "server": ("127.0.0.1", 8000)}, receive, send)
        headers = {name.decode(): value.decode() for name, value in seen[0]["headers"]}
        return [seen[0]["status"], headers, seen[1]["body"].decode()]

    def act(self):
        return asyncio.run(self._call())


def main() -> None:
    library, shop = Library(), SlowApi()
    for line in sys.stdin:
        answers = []
        for name, *arguments in json.loads(line):
            if name == "now":
                _now[0] = arguments[0]
                answers.append(None)
            elif name == "parse":
                answers.append(parse(*arguments))
            elif name == "login":
                answers.append(shop.act())
            else:
                answers.append(library.act(name, *arguments))
        print(json.dumps(answers), flush=True)


def parse(text: str):
    """Each limit as text, or None for what the library refuses."""
    try:
        return [str(limit) for limit in limits.parse_many(text)]
    except ValueError:
        return None


main()
