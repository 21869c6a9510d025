#!/usr/bin/env python3
"""Renders templates with Python's Jinja2 and autoescape.

Input: a JSON list of {"templates": {name: source}, "context": {...}}; each set has a main.html.
Output: a JSON list of texts, null where Jinja2 fails.
"""

import json
import sys

import jinja2


def render(case):
    environment = jinja2.Environment(loader=jinja2.DictLoader(case["templates"]), autoescape=True)
    try:
        return environment.get_template("main.html").render(**case["context"])
    except Exception as error:
        print(f"{case['templates']['main.html']!r}: {error!r}", file=sys.stderr)
        return None


json.dump([render(case) for case in json.load(sys.stdin)], sys.stdout)
