#!/usr/bin/env python3
"""Reads files with python-dotenv.

Input: {"environment": {...}, "files": [text, ...]} as JSON.
Output: a JSON list of {"values": {...}, "complains": bool}: names with a value, and whether it warned of a line.
"""

import json
import logging
import os
import pathlib
import sys
import tempfile

import dotenv


class Complaints(logging.Handler):
    def __init__(self):
        super().__init__()
        self.count = 0

    def emit(self, record):
        self.count += 1


def read(path, text, complaints):
    path.write_bytes(text.encode())
    complaints.count = 0
    values = dotenv.dotenv_values(path)
    return {"values": {name: value for name, value in values.items() if value is not None},
            "complains": complaints.count > 0}


def main():
    given = json.load(sys.stdin)
    os.environ.clear()
    os.environ.update(given["environment"])
    complaints = Complaints()
    logger = logging.getLogger("dotenv.main")
    logger.addHandler(complaints)
    logger.propagate = False
    with tempfile.TemporaryDirectory() as name:
        path = pathlib.Path(name) / ".env"
        json.dump([read(path, text, complaints) for text in given["files"]], sys.stdout)


main()
