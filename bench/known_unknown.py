#!/usr/bin/python3
"""Whether the time of an answer tells that an address has an account.

Starts the API on a database and a Redis of its own and asks each call 200 times for an address with an account and
200 times for one without, in turn. Prints the middle of both and how often an answer for a known address was the
slower one of a pair: 50 % tells nothing, 0 or 100 % tells all.
"""

import argparse
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from harness.redis_server import RedisServer  # noqa: E402
from harness.shop import Site, address_of  # noqa: E402

PREFIX = "/api/v1/user"
CALLS = {
    "login": lambda email: {"email": email, "password": "not the password"},
    "forgot-password": lambda email: {"email": email},
    "resend-confirmation": lambda email: {"email": email},
}


def timed(client, call, email):
    body = CALLS[call](email)
    start = time.perf_counter()
    answer = client.post(f"{PREFIX}/{call}", body=body)
    return time.perf_counter() - start, (answer.status, answer.text)


def compare(client, call, tries):
    """Seconds for known and unknown addresses, the order of the two changing from pair to pair."""
    known, unknown, answers = [], [], set()
    for i in range(tries):
        pair = [(known, address_of("known")), (unknown, address_of(f"nobody{i}"))]
        for times, email in pair if i % 2 else reversed(pair):
            seconds, answer = timed(client, call, email)
            times.append(seconds)
            answers.add(answer)
    assert len(answers) == 1, f"{call} answers differ: {answers}"
    return known, unknown


def slower(known, unknown):
    """How often a known address is the slower one, over all pairs."""
    wins = sum((a > b) + 0.5 * (a == b) for a in known for b in unknown)
    return wins / (len(known) * len(unknown))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--tries", type=int, default=200)
    tries = parser.parse_args().tries
    folder = pathlib.Path(tempfile.mkdtemp(prefix="known-unknown-"))
    redis = RedisServer(folder)
    site = Site(folder / "site", redis.url)
    try:
        site.start_api()
        assert site.client.register("known").status == 200
        print(f"{tries} tries each             known    unknown   known is slower", flush=True)
        for call in CALLS:
            known, unknown = compare(site.client, call, tries)
            middles = [f"{statistics.median(times) * 1000:7.2f} ms" for times in (known, unknown)]
            print(f"{call:20} {middles[0]} {middles[1]}   {slower(known, unknown):6.1%}", flush=True)
    finally:
        site.close()
        redis.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
