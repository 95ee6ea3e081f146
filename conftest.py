"""Lets the tests run anywhere: off screen without a display, and without the window where Qt cannot load."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

_WINDOW_ROOMS = tuple(Path(__file__).parent / "tests" / name for name in ("qt", "journeys", "benchmarks"))
_CURE = "on Debian: apt-get install libegl1 libgl1 libglib2.0-0 libfontconfig1 libxkbcommon0 libdbus-1-3"

if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def _why_no_qt() -> str | None:
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        return f"Qt cannot load: {error}; {_CURE}"
    return None


WHY_NO_QT = _why_no_qt()


class _LeftOut(pytest.File):
    """Stands for a folder of tests that need Qt. No Directory, whose conftest would be loaded first."""

    def collect(self) -> Iterable[pytest.Collector]:
        pytest.skip(WHY_NO_QT)


def pytest_plugin_registered(plugin: object, manager: pytest.PytestPluginManager) -> None:
    # pytest-qt loads Qt when it is configured, and the session would end there.
    if WHY_NO_QT and manager.get_name(plugin) == "pytest-qt":
        manager.unregister(plugin)


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if WHY_NO_QT and path in _WINDOW_ROOMS:
        return _LeftOut.from_parent(parent, path=path)
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if WHY_NO_QT:
        terminalreporter.write_line(f"The window's tests were left out. {WHY_NO_QT}")
