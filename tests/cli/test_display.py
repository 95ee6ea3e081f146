"""Whether a window can open is found out as Qt would, and what is in the way is told with its remedy."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from aegui.cli import display
from aegui.cli.display import someone_watches, why_no_window

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a display")
NOBODY = ":7654"  # where no X server is


def lacks(*groups: dict[str, str]) -> bool:
    return any(display._missing(group) for group in groups)


needs_wayland = pytest.mark.skipif(
    lacks(display._QT_LIBRARIES, display._WAYLAND_LIBRARIES), reason="Qt's libraries for Wayland are missing"
)
needs_xcb = pytest.mark.skipif(
    lacks(display._QT_LIBRARIES, display._XCB_LIBRARIES), reason="Qt's libraries for X11 are missing"
)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No display of whoever runs the tests."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "XDG_SESSION_TYPE", "QT_QPA_PLATFORM")
    for name in names:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def compositor(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Somebody who listens where a Wayland display is."""
    folder = tempfile.mkdtemp()  # names of sockets have to be short
    monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{folder}/wayland-7")
        server.listen()
        yield "wayland-7"
    shutil.rmtree(folder)


@needs_xcb
def test_that_a_display_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", NOBODY)
    reason = why_no_window()
    assert reason is not None and f"the display {NOBODY} does not answer" in reason
    assert not someone_watches()


@needs_wayland
def test_that_wayland_will_do_whatever_x11_lacks(monkeypatch: pytest.MonkeyPatch, compositor: str) -> None:
    monkeypatch.setenv("DISPLAY", NOBODY)
    monkeypatch.setenv("WAYLAND_DISPLAY", compositor)
    assert why_no_window() is None
    assert someone_watches()


@needs_wayland
def test_that_wayland_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch, compositor: str) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-8")
    reason = why_no_window()
    assert reason is not None and "/wayland-8 does not answer (No such file or directory)" in reason


@needs_wayland
def test_that_a_platform_that_was_asked_for_is_the_only_one(
    monkeypatch: pytest.MonkeyPatch, compositor: str
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", compositor)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert why_no_window() is not None
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb;wayland")
    assert why_no_window() is None
    monkeypatch.setenv("QT_QPA_PLATFORM", "wayland")
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    reason = why_no_window()
    assert reason is not None and "XDG_RUNTIME_DIR is not set" in reason


@pytest.mark.skipif(lacks(display._QT_LIBRARIES), reason="Qt's libraries are missing")
def test_that_another_qt_in_the_way_is_told_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "libQt6DBus.so.6").write_bytes(b"not the Qt that is wanted")
    done = subprocess.run(
        [sys.executable, "-m", "aegui"],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "LD_LIBRARY_PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("aegui: no window can open: Qt cannot be loaded (")
    assert f"LD_LIBRARY_PATH is {tmp_path}: try env -u LD_LIBRARY_PATH aegui" in done.stderr
    assert done.stderr.count("\n") == 1


def test_that_what_is_not_of_qt_is_a_fault_as_ever() -> None:
    with pytest.raises(ModuleNotFoundError), display.loading_qt():
        import aegui.nowhere  # type: ignore[import-not-found] # noqa: F401


@pytest.mark.skipif(lacks(display._QT_LIBRARIES), reason="Qt's libraries are missing")
def test_that_nobody_watches_off_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen:size=800x600")
    assert why_no_window() is None
    assert not someone_watches()


def test_that_a_missing_library_is_told_with_its_package() -> None:
    lost = {"libxcb-nowhere.so.9": "libxcb-nowhere9", "libnothing.so.1": "libnothing1"}
    reason = display._missing(lost)
    assert reason is not None
    assert "missing: libxcb-nowhere.so.9, libnothing.so.1;" in reason
    assert "sudo apt install libxcb-nowhere9 libnothing1 " in reason


def test_that_every_library_that_qt_names_is_looked_for() -> None:
    """What the files of Qt say that they need, but for what Python and its packages have brought already."""
    if shutil.which("objdump") is None:
        pytest.skip("there is no objdump")
    PySide6 = pytest.importorskip("PySide6", exc_type=ImportError)
    qt = Path(PySide6.__file__).parent / "Qt"
    wanted = {
        "Gui": (qt / "lib" / "libQt6Gui.so.6", display._QT_LIBRARIES),
        "xcb": (qt / "lib" / "libQt6XcbQpa.so.6", display._QT_LIBRARIES | display._XCB_LIBRARIES),
        "wayland": (
            qt / "lib" / "libQt6WaylandClient.so.6",
            display._QT_LIBRARIES | display._WAYLAND_LIBRARIES,
        ),
    }
    for name, (path, known) in wanted.items():
        done = subprocess.run(
            ["objdump", "-p", path], capture_output=True, text=True, check=True, env=os.environ
        )
        needed = {line.split()[1] for line in done.stdout.splitlines() if line.strip().startswith("NEEDED")}
        theirs = {n for n in needed if n.startswith(("libX", "libxcb", "libxkb", "libwayland", "libEGL"))}
        assert theirs and theirs - {"libxcb.so.1"} <= set(known), name
