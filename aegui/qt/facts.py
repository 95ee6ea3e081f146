"""What somebody who is to mend a fault asks for first: versions, system, screens."""

from __future__ import annotations

import os
import platform
import sys
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtCore import QLocale, qVersion
from PySide6.QtGui import QGuiApplication

import aegui
from aegui.machine import memory_bytes
from aegui.qt.messages import Message

if TYPE_CHECKING:
    from aegui.qt.window import Window

# Libraries that have loaded by now are named with their version.
_LIBRARIES = ("numpy", "torch", "pyqtgraph", "sklearn", "scipy", "matplotlib", "pydantic", "safetensors")


def facts() -> tuple[str, ...]:
    """One line each, without anything that tells whose machine it is."""
    frozen = ", frozen" if getattr(sys, "frozen", False) else ""
    return (
        f"aegui {aegui.__version__}{frozen}, Python {platform.python_version()}",
        f"Qt {qVersion()}, PySide6 {PySide6.__version__}, platform {QGuiApplication.platformName()},"
        f" locale {QLocale().name()}",
        library_versions(),
        _machine(),
        *(_screens() or ("no screen",)),
    )


def library_versions() -> str:
    """Of the libraries that are loaded, and the accelerator if torch uses one."""
    found = [(name, sys.modules[name]) for name in _LIBRARIES if name in sys.modules]
    return (
        ", ".join(f"{name} {getattr(module, '__version__', '?')}" for name, module in found) + _accelerator()
    )


def copy_facts(window: Window) -> None:
    """Puts them on the clipboard."""
    QGuiApplication.clipboard().setText("\n".join(facts()))
    text = "Version, system, libraries and screens are on the clipboard."
    window.messages.say(Message("note", text, "facts"))


def _accelerator() -> str:
    cuda = getattr(sys.modules.get("torch"), "cuda", None)
    return f", on {cuda.get_device_name()}" if cuda is not None and cuda.is_initialized() else ""


def _machine() -> str:
    memory = memory_bytes()
    room = "" if memory is None else f", {memory / 2**30:.1f} GiB of memory"
    return f"{platform.platform()}, {os.cpu_count()} processors{room}"


def _screens() -> tuple[str, ...]:
    return tuple(
        f"screen {s.size().width()} × {s.size().height()} at {s.devicePixelRatio():.0%},"
        f" {s.logicalDotsPerInch():.0f} dpi, {s.refreshRate():.0f} Hz"
        for s in QGuiApplication.screens()
    )
