"""Fixtures of the fault tests."""

import pytest


@pytest.fixture
def generation():
    """One of Celery's generations: what breaks here is on our side."""
    return "5.6"
