#!/usr/bin/env python3
"""At most 25 public headers; every header guarded; heavy libraries stay out of headers."""

import pathlib
import re
from typing import Iterator

import gatelib
from gatelib import Finding

MAX_PUBLIC = 25
PUBLIC = "samovar/include/samovar"

INCLUDE = re.compile(r"\s*#\s*include\s*<([^>]+)>")
# Each costs every file that includes it a second or more to compile, and shows in the interface.
HEAVY = re.compile(r"boost/(?!describe|mp11)|rapidjson/|spdlog/|CLI/|libpq|curl/|sqlite3|sodium|openssl/|prometheus/")
# The two light headers of Asio, which interfaces need.
LIGHT = {"boost/asio/awaitable.hpp", "boost/asio/any_io_executor.hpp"}


def check_count(root: pathlib.Path) -> Iterator[Finding]:
    headers = sorted((root / PUBLIC).glob("*.hpp"))
    if len(headers) > MAX_PUBLIC:
        yield Finding(PUBLIC, 1, f"{len(headers)} public headers; at most {MAX_PUBLIC}")


def check_header(root: pathlib.Path, path: pathlib.Path) -> Iterator[Finding]:
    name = gatelib.relative(path, root)
    text = gatelib.lines(path)
    if "#pragma once" not in text:
        yield Finding(name, 1, "no #pragma once")
    # Headers of the tests' own helpers and those that live beside one implementation file serve .cpp files only.
    if "/tests/" in name or "/detail/asio/" in name:
        return
    for number, line in enumerate(text, start=1):
        match = INCLUDE.match(line)
        if match and HEAVY.match(match[1]) and match[1] not in LIGHT:
            yield Finding(name, number, f"<{match[1]}> belongs into .cpp files only")


def check(root: pathlib.Path) -> Iterator[Finding]:
    yield from check_count(root)
    for path in gatelib.files(root, ".hpp"):
        yield from check_header(root, path)


if __name__ == "__main__":
    gatelib.run(check, __doc__)
