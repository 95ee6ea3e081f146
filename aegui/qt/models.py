"""Loads the model layer in the thread that calls, and lets the window answer meanwhile. Knows no Qt."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from aegui.machine import IMPORTING

_CORE = "torch_cpu"  # the largest library of torch, without anything of Python in it


def load_models() -> None:
    """Imports what a run needs. Where that fails nothing is said: the first run fails as well, and tells."""
    with suppress(ImportError, OSError):
        _open_core()
        with IMPORTING:
            import aegui.training.trainer  # noqa: F401


def _open_core() -> None:
    """Opens torch's largest library before Python does, which would stop all threads for a third of a second.

    A foreign function is called without the interpreter's lock, an import or ``ctypes.CDLL`` with it. Windows
    needs none of this: torch opens its libraries by a foreign function there.
    """
    found = None if "torch" in sys.modules else find_spec("torch")
    if sys.platform == "win32" or found is None or found.origin is None:
        return
    name = f"lib{_CORE}.dylib" if sys.platform == "darwin" else f"lib{_CORE}.so"
    path = Path(found.origin).parent / "lib" / name
    if path.exists():
        dlopen = ctypes.CDLL(None).dlopen
        dlopen.argtypes, dlopen.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
        dlopen(os.fsencode(path), os.RTLD_NOW)
