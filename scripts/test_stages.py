"""The stages of `make test` after the build: runs them, counts every case, prints the closing line.

With the argument `long` those of `make test-long`: what `make test` leaves out."""

import fnmatch
import json
import os
import pathlib
import subprocess
import sys
import time
from xml.etree import ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
REPORTS = ROOT / "build" / "reports"
BUILD = ROOT / "build" / "release"

# The tests that can do more than `make test` has time for, by the variable that asks them to.
FULL_NUMBERS = {
    "CLIENT_ENDS": "20000",
    "DUE_TASKS": "100000",
    "DUE_SECONDS": "60",
    "LIMIT_SEQUENCES": "34000",
    "LOCALTEA_KILLS": "200",
    "SMTP_DOWN_SECONDS": "600",
    "SOAK_SECONDS": "600",
}
LONG_PROGRAMS = {"samovar_task_integration": "ClientEnd.*"}
LONG_TESTS = ["tests/fault/test_due_times.py", "tests/e2e/test_registration_faults.py",
              "tests/interop/test_shared_rate_limits.py", "tests/soak/test_soak.py"]
LONGEST_TEST_SECONDS = 3600


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
    for full_name, failed in junit_cases(ctest_report):
        program = full_name.split(".")[-1]
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


def run_pytest(tally, arguments=("tests",), environment=None):
    report = REPORTS / "black-box.xml"
    command = ["/usr/bin/python3", "-m", "pytest", *arguments, f"--junitxml={report}"]
    status = subprocess.run(command, cwd=ROOT, env={**os.environ, **(environment or {})}, check=False).returncode
    cases = list(junit_cases(report)) if report.exists() else []
    for name, failed in cases:
        tally.add(name, failed)
    if status != 0 and not any(failed for _, failed in cases):
        tally.add("pytest", True)


def run_long_programs(tally):
    for program, cases in LONG_PROGRAMS.items():
        report = REPORTS / f"long-{program}.xml"
        command = [ROOT / "build" / "bin" / program, f"--gtest_filter={cases}", f"--gtest_output=xml:{report}",
                   "--gtest_brief=1"]
        status = subprocess.run(command, cwd=ROOT, env={**os.environ, **FULL_NUMBERS}, check=False).returncode
        found = list(junit_cases(report)) if report.exists() else []
        # What the filter leaves out is listed as not run.
        found = [(name, failed) for name, failed in found if fnmatch.fnmatch(name, cases)]
        for name, failed in found:
            tally.add(f"{program}: {name}", failed)
        if not found or (status != 0 and not any(failed for _, failed in found)):
            tally.add(program, True)


def run_sanitizer(tally, preset):
    report, cases = REPORTS / f"{preset}.xml", REPORTS / f"cases-{preset}"
    environment = {**os.environ, "GTEST_OUTPUT": f"xml:{cases}/", "CTEST_REPORT": str(report)}
    subprocess.run(["scripts/sanitize", preset], cwd=ROOT, env=environment, check=False)
    if report.exists():
        count_ctest(tally, report, cases)
    else:
        tally.add(f"scripts/sanitize {preset}", True)


def run_fuzz(tally):
    tally.add("scripts/fuzz", subprocess.run(["scripts/fuzz"], cwd=ROOT, check=False).returncode != 0)


def run_gates(tally, *options):
    report = REPORTS / "gates.json"
    subprocess.run(["scripts/check", *options, "--report", report], cwd=ROOT, check=False)
    if not report.exists():
        tally.add("scripts/check", True)
        return
    for name, failed in json.loads(report.read_text()).items():
        tally.add(f"gate {name}", failed)


def usual_stages(tally):
    cores = os.cpu_count() or 2
    return [
        ("unit tests", lambda: run_ctest(tally, "unit", "-L", "^unit$", cores)),
        ("integration tests and examples", lambda: run_ctest(tally, "integration", "-LE", "^unit$", cores)),
        ("gates", lambda: run_gates(tally, "--quick")),
        ("black-box tests", lambda: run_pytest(tally)),
    ]


def long_stages(tally):
    slow = (*LONG_TESTS, "--timeout", str(LONGEST_TEST_SECONDS))
    return [
        ("loops in full numbers", lambda: run_long_programs(tally)),
        ("black-box tests in full numbers", lambda: run_pytest(tally, slow, FULL_NUMBERS)),
        ("gates, clang-tidy on every file", lambda: run_gates(tally)),
        ("AddressSanitizer and UndefinedBehaviorSanitizer", lambda: run_sanitizer(tally, "asan")),
        ("ThreadSanitizer", lambda: run_sanitizer(tally, "tsan")),
        ("fuzzing", lambda: run_fuzz(tally)),
    ]


def main():
    tally = Tally()
    stages = long_stages(tally) if sys.argv[1:] == ["long"] else usual_stages(tally)
    for number, (name, run) in enumerate(stages, start=3):
        print(f"[{number}/{len(stages) + 2}] {name}", flush=True)
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
