"""The soak in the time that the other tests have; scripts/soak runs it for longer, with any seed."""

import os
import pathlib

import pytest

from .__main__ import main


SEED = 11


@pytest.mark.timeout(3600)
def test_ledger_balances_after_every_fault(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ended = main(float(os.environ.get("SOAK_SECONDS", "45")), SEED, pathlib.Path("soak"))
    assert ended == 0, "printed above: the faults with their times, and what does not balance"
