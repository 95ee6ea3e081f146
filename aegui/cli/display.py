"""Whether a window can be shown here, found out without Qt, which would abort the process."""

from __future__ import annotations

import ctypes
import os
import sys

# What Qt itself loads on Linux, whatever it draws on, with Debian's names of the packages.
_QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
}
# What its plugin for X11 loads beyond that.
_XCB_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def why_no_window() -> str | None:
    """The reason why no window can open, as a sentence; None if one can."""
    if not sys.platform.startswith("linux"):
        return None
    on_wayland = bool(os.environ.get("WAYLAND_DISPLAY")) and not os.environ.get("DISPLAY")
    if _chosen_platform() not in ("", "xcb") or on_wayland:
        return _missing(_QT_LIBRARIES)
    if not os.environ.get("DISPLAY"):
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    if reason := _missing(_QT_LIBRARIES | _XCB_LIBRARIES):
        return reason
    if not _answers():
        return f"the display {os.environ['DISPLAY']} does not answer"
    return None


def _missing(libraries: dict[str, str]) -> str | None:
    packages = [package for library, package in libraries.items() if not _loads(library)]
    if not packages:
        return None
    return f"Qt needs system libraries that are missing; install the packages {' '.join(packages)}"


def someone_watches() -> bool:
    """Whether a window would be seen: not on Qt's platforms without a screen."""
    return why_no_window() is None and _chosen_platform() not in ("offscreen", "minimal", "vnc")


def _chosen_platform() -> str:
    return os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _answers() -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    failed = xcb.xcb_connection_has_error(connection) != 0
    xcb.xcb_disconnect(connection)
    return not failed
