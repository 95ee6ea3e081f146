"""Keeps pyqtgraph from making every class of Qt when it is imported, which takes longer than all else of it.

PySide makes a class when its name is asked for. pyqtgraph has modules that mirror those of Qt, and copies
every name of those into them, so that all come into being. The mirrors here ask for a name when it is wanted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from PySide6 import QtCore, QtGui, QtWidgets

_MIRRORED = (QtCore, QtGui, QtWidgets)
_TESTS = "PySide6.QtTest"


class _Mirror(ModuleType):
    """A module with the names of another one, and with those that are put there."""

    def __init__(self, name: str, source: ModuleType) -> None:
        super().__init__(name)
        self._source = source

    def __getattr__(self, name: str) -> object:
        found = getattr(self._source, name)
        setattr(self, name, found)
        return found


def import_pyqtgraph() -> None:
    """Imports pyqtgraph with such mirrors, unless it has been imported."""
    if "pyqtgraph" in sys.modules:
        return
    for source in _MIRRORED:
        name = f"pyqtgraph.Qt.{source.__name__.rpartition('.')[2]}"
        sys.modules[name] = _Mirror(name, source)
    with _without_a_list_of_names(), _without_tests():
        import pyqtgraph  # noqa: F401


@contextmanager
def _without_a_list_of_names() -> Iterator[None]:
    """There is nothing to copy from a module that names nothing."""
    lists = {source: source.__dir__ for source in _MIRRORED}
    try:
        for source in _MIRRORED:
            vars(source)["__dir__"] = list
        yield
    finally:
        for source, names in lists.items():
            vars(source)["__dir__"] = names


@contextmanager
def _without_tests() -> Iterator[None]:
    """pyqtgraph does without Qt's library for tests where it is not installed."""
    if _TESTS in sys.modules:
        yield
        return
    sys.modules[_TESTS] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[_TESTS]
