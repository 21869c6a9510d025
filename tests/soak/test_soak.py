"""The soak in the time that the other tests have; scripts/soak runs it for longer, with any seed."""

import os

import pytest

from .soak import Soak


@pytest.mark.timeout(3600)
def test_ledger_balances_after_every_fault(tmp_path, closing):
    soak = closing(Soak(tmp_path / "soak", float(os.environ.get("SOAK_SECONDS", "45")), int(os.environ.get("SEED", "11"))))
    assert soak.run(), "printed above: the faults with their times, and what does not balance"
