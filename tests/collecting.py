"""For tests with windows: Python's cyclic collector stays on this thread, as in the program."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def all_collected() -> Iterator[None]:
    """What a file of tests has left is destroyed here."""
    yield
    gc.unfreeze()  # what a window has set apart for the time that it lives
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """It would run in whichever thread allocates, and destroy Qt's objects there."""
    gc.disable()
    yield
    gc.collect(1)
