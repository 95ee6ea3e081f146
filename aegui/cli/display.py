"""Whether a window can be shown here, found out without Qt, which would abort the process."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aegui.errors import OperationFailed

# What Qt itself loads on Linux, whatever it draws on, with Debian's names of the packages.
_QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libX11.so.6": "libx11-6",
}
# What its plugin for X11 loads beyond that.
_XCB_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
# And its plugin for Wayland.
_WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
_NO_DISPLAY = "there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set; over SSH, ssh -X brings one"
_PATIENCE = 5.0  # seconds that a compositor may take to let somebody in


def why_no_window() -> str | None:
    """The reason why no window can open, as a sentence; None if one can."""
    if not sys.platform.startswith("linux"):
        return None
    if reason := _missing(_QT_LIBRARIES):
        return reason
    reasons = []
    for platform in _platforms():  # as Qt does, which takes the first that works
        reason = _why_not(platform)
        if reason is None:
            return None
        reasons.append(reason)
    return "; ".join(reasons) or _NO_DISPLAY


def someone_watches() -> bool:
    """Whether a window would be seen: not on Qt's platforms without a screen."""
    chosen = _chosen_platforms()[:1]
    return why_no_window() is None and chosen not in (["offscreen"], ["minimal"], ["vnc"])


@contextmanager
def loading_qt() -> Iterator[None]:
    """Tells what keeps Qt from being loaded, such as libraries of another Qt that come before its own."""
    try:
        yield
    except ImportError as error:
        if "PySide6" not in f"{error.name} {error.path}":
            raise
        found = os.environ.get("LD_LIBRARY_PATH")
        way = f"; LD_LIBRARY_PATH is {found}: try env -u LD_LIBRARY_PATH aegui" if found else ""
        raise OperationFailed(f"no window can open: Qt cannot be loaded ({error}){way}") from error


def _platforms() -> list[str]:
    """What Qt would try: what is asked for, else Wayland before X11 where there are such displays."""
    if chosen := _chosen_platforms():
        return chosen
    wayland = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("XDG_SESSION_TYPE") == "wayland"
    return (["wayland"] if wayland else []) + (["xcb"] if os.environ.get("DISPLAY") else [])


def _chosen_platforms() -> list[str]:
    """The names in QT_QPA_PLATFORM, as in "wayland;xcb" or "offscreen:size=800x600"."""
    parts = os.environ.get("QT_QPA_PLATFORM", "").split(";")
    return [name for part in parts if (name := part.partition(":")[0])]


def _why_not(platform: str) -> str | None:
    match platform:
        case "xcb":
            return _why_not_x11()
        case "wayland" | "wayland-egl":
            return _why_not_wayland()
    return None


def _why_not_x11() -> str | None:
    display = os.environ.get("DISPLAY")
    if not display:
        return _NO_DISPLAY
    if reason := _missing(_XCB_LIBRARIES):
        return reason
    return None if _x11_answers() else f"the display {display} does not answer, or does not let this user in"


def _why_not_wayland() -> str | None:
    import socket  # takes as long as a small call

    if reason := _missing(_WAYLAND_LIBRARIES):
        return reason
    if os.environ.get("WAYLAND_SOCKET"):  # a connection that whoever has started this process has made
        return None
    place = Path(os.environ.get("XDG_RUNTIME_DIR", ""), os.environ.get("WAYLAND_DISPLAY") or "wayland-0")
    if not place.is_absolute():
        return "there is no Wayland display: XDG_RUNTIME_DIR is not set"
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(_PATIENCE)
        try:
            client.connect(str(place))
        except OSError as error:
            return f"the Wayland display {place} does not answer ({error.strerror or error})"
    return None


def _missing(libraries: dict[str, str]) -> str | None:
    lost = {library: package for library, package in libraries.items() if not _loads(library)}
    if not lost:
        return None
    return (
        f"Qt needs system libraries that are missing: {', '.join(lost)}; "
        f"on Debian and Ubuntu, sudo apt install {' '.join(lost.values())} brings them"
    )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _x11_answers() -> bool:
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
