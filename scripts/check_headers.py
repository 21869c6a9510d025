#!/usr/bin/env python3
"""At most 25 public headers; every header guarded; heavy libraries stay out of headers."""

import pathlib
import re
from collections.abc import Iterator

import gatelib
from gatelib import Finding

MAX_PUBLIC = 25
PUBLIC = "samovar/include/samovar"
# The ground floor's public vocabulary, which users include as <samovar/...>, too.
VOCABULARY = "base/include/samovar"

INCLUDE = re.compile(r'\s*#\s*include\s*[<"]([^>"]+)[>"]')
# Each costs every file that includes it a second or more to compile, and shows in the interface.
HEAVY = re.compile(r"boost/(?!describe|mp11)|rapidjson/|spdlog/|CLI/|libpq|curl/|sqlite3|sodium|openssl/|prometheus/")
# The two light headers of Asio, which interfaces need.
LIGHT = {"boost/asio/awaitable.hpp", "boost/asio/any_io_executor.hpp"}
# Headers in such a folder are shared by .cpp files alone, and so may include what they like.
IMPLEMENTATION = "detail/asio/"


def check_count(root: pathlib.Path) -> Iterator[Finding]:
    headers = [path for folder in (PUBLIC, VOCABULARY) for path in (root / folder).glob("*.hpp")]
    if len(headers) > MAX_PUBLIC:
        yield Finding(PUBLIC, 1, f"{len(headers)} public headers; at most {MAX_PUBLIC}")


def check_guards(root: pathlib.Path) -> Iterator[Finding]:
    for path in gatelib.files(root, ".hpp"):
        if "#pragma once" not in gatelib.lines(path):
            yield Finding(gatelib.relative(path, root), 1, "no #pragma once")


def heavy_includes(root: pathlib.Path) -> Iterator[tuple[str, Finding]]:
    for path in gatelib.files(root, ".hpp"):
        name = gatelib.relative(path, root)
        # Helpers of the tests are included by a few test files and by nobody else.
        if "/tests/" in name or f"/{IMPLEMENTATION}" in name:
            continue
        for number, line in enumerate(gatelib.lines(path), start=1):
            match = INCLUDE.match(line)
            if match and match[1] not in LIGHT and (HEAVY.match(match[1]) or IMPLEMENTATION in match[1]):
                yield "heavy", Finding(name, number, f"<{match[1]}> belongs into .cpp files only [heavy]")


def check(root: pathlib.Path) -> Iterator[Finding]:
    yield from check_count(root)
    yield from check_guards(root)
    yield from gatelib.without_exceptions(root, {"heavy"}, heavy_includes(root))


if __name__ == "__main__":
    gatelib.run(check, __doc__)
