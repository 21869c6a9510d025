"""The closing line of `make test` counts what really happened."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

from test_stages import Tally, count_ctest, junit_cases

FAILURE = '<failure message="boom"/>'


@pytest.fixture
def reports(tmp_path):
    """reports(ctest, cases) writes what ctest says of its programs, and what the programs say of their cases."""

    def write(ctest: dict[str, str], cases: dict[str, dict[str, str]]) -> Tally:
        def xml(name, inside):
            return "<testsuite>" + "".join(
                f'<testcase classname="{name}" name="{case}">{body}</testcase>' for case, body in inside.items()
            ) + "</testsuite>"

        (tmp_path / "ctest.xml").write_text(xml("ctest", ctest))
        for program, inside in cases.items():
            (tmp_path / f"{program}.xml").write_text(xml(program, inside))
        tally = Tally()
        count_ctest(tally, tmp_path / "ctest.xml", tmp_path)
        return tally

    return write


def test_each_case_of_a_program_counts(reports):
    tally = reports({"core_unit": ""}, {"core_unit": {"a": "", "b": "", "c": ""}})
    assert (tally.passed, tally.failed) == (3, [])


def test_failed_case_is_named_and_its_program_not_counted_again(reports):
    tally = reports({"core_unit": FAILURE}, {"core_unit": {"a": "", "b": FAILURE}})
    assert (tally.passed, tally.failed) == (1, ["core_unit: core_unit.b"])


def test_program_that_crashed_before_its_report_counts_as_failed(reports):
    tally = reports({"core_unit": FAILURE}, {})
    assert (tally.passed, tally.failed) == (0, ["core_unit"])


def test_program_that_crashed_after_good_cases_counts_as_failed(reports):
    tally = reports({"core_unit": FAILURE}, {"core_unit": {"a": ""}})
    assert (tally.passed, tally.failed) == (1, ["core_unit"])


def test_program_without_cases_counts_once(reports):
    tally = reports({"example_01": ""}, {})
    assert (tally.passed, tally.failed) == (1, [])


@pytest.mark.parametrize("kind", ["failure", "error", "skipped"])
def test_case_that_did_not_pass_has_failed(tmp_path, kind):
    report = tmp_path / "report.xml"
    report.write_text(f'<testsuite><testcase classname="a" name="b"><{kind}/></testcase></testsuite>')
    assert list(junit_cases(report)) == [("a.b", True)]
