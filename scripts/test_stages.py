"""The stages of `make test` after the build: runs them, counts every case, prints the closing line."""

import json
import os
import pathlib
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "reports"
BUILD = ROOT / "build" / "release"


class Tally:
    def __init__(self):
        self.passed = 0
        self.failed = []

    def add(self, name, failed):
        if failed:
            self.failed.append(name)
        else:
            self.passed += 1


def junit_cases(path):
    """(name, failed) of each case of a JUnit-style report; a case that did not run counts as failed."""
    for case in ElementTree.parse(path).iter("testcase"):
        name = f"{case.get('classname', '')}.{case.get('name')}"
        bad = any(case.find(kind) is not None for kind in ("failure", "error", "skipped"))
        yield name, bad or case.get("status") == "notrun"


def count_ctest(tally, ctest_report, cases_folder):
    """Counts GoogleTest's cases where a program wrote its report, and the program itself where it did not live to."""
    for program, failed in junit_cases(ctest_report):
        program = program.split(".")[-1]
        report = cases_folder / f"{program}.xml"
        cases = list(junit_cases(report)) if report.exists() else []
        for name, case_failed in cases:
            tally.add(f"{program}: {name}", case_failed)
        if not cases or (failed and not any(case_failed for _, case_failed in cases)):
            tally.add(program, failed)


def run_ctest(tally, stage, label_option, label, parallel):
    cases = REPORTS / f"cases-{stage}"
    report = REPORTS / f"{stage}.xml"
    command = ["ctest", "--test-dir", BUILD, label_option, label, "-j", str(parallel), "--output-on-failure",
               "--output-junit", report, "--progress" if sys.stdout.isatty() else "--no-compress-output"]
    subprocess.run(command, env={**os.environ, "GTEST_OUTPUT": f"xml:{cases}/"}, cwd=ROOT, check=False)
    if report.exists():
        count_ctest(tally, report, cases)
    else:
        tally.add(f"ctest {label_option} {label}", True)


def run_pytest(tally):
    report = REPORTS / "black-box.xml"
    command = ["/usr/bin/python3", "-m", "pytest", "tests", f"--junitxml={report}"]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    cases = list(junit_cases(report)) if report.exists() else []
    for name, failed in cases:
        tally.add(name, failed)
    if status != 0 and not any(failed for _, failed in cases):
        tally.add("pytest", True)


def run_gates(tally):
    report = REPORTS / "gates.json"
    subprocess.run(["scripts/check", "--quick", "--report", report], cwd=ROOT, check=False)
    if not report.exists():
        tally.add("scripts/check", True)
        return
    for name, failed in json.loads(report.read_text()).items():
        tally.add(f"gate {name}", failed)


def main():
    cores = os.cpu_count() or 2
    tally = Tally()
    stages = [
        ("unit tests", lambda: run_ctest(tally, "unit", "-L", "^unit$", cores)),
        ("integration tests and examples", lambda: run_ctest(tally, "integration", "-LE", "^unit$", cores)),
        ("gates", lambda: run_gates(tally)),
        ("black-box tests", lambda: run_pytest(tally)),
    ]
    for number, (name, run) in enumerate(stages, start=3):
        print(f"[{number}/6] {name}", flush=True)
        started = time.monotonic()
        run()
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    for name in tally.failed:
        print(f"failed: {name}")
    summary = f"{tally.passed} passed, {len(tally.failed)} failed"
    (REPORTS / "summary.txt").write_text(summary + "\n")
    print(summary, flush=True)
    return 1 if tally.failed or not tally.passed else 0


if __name__ == "__main__":
    sys.exit(main())
