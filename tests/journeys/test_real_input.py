"""The program as it is launched, worked through the X server: nothing of it is called from here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from aegui.spec import Experiment, save

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(
        not os.environ.get("DISPLAY")
        or os.environ.get("QT_QPA_PLATFORM", "xcb") != "xcb"
        or shutil.which("xdotool") is None,
        reason="needs an X server with a window manager, and xdotool",
    ),
]
_LIMIT = 60.0  # seconds, far beyond what anything here takes


def test_that_the_launched_program_trains_by_space_and_saves_when_it_is_quit(
    small: Experiment, tmp_path: Path, runs: Path
) -> None:
    file = tmp_path / "lesson.toml"
    save(small, file)
    settings = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    program = subprocess.Popen(
        [sys.executable, "-m", "aegui", str(file)],
        env=os.environ | settings,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for name, key in (("Welcome", "Return"), ("lesson.toml", "Escape")):  # the first start asks something
            window = _xdotool("search", "--sync", "--onlyvisible", "--pid", str(program.pid), "--name", name)
            _xdotool("windowactivate", "--sync", window.splitlines()[0])
            _xdotool("key", key)
        time.sleep(3)  # from outside there is no telling when the data are loaded
        _xdotool("key", "space")
        time.sleep(3)
        _xdotool("key", "ctrl+q")
        _, told = program.communicate(timeout=_LIMIT)
    finally:
        program.kill()
    assert program.returncode == 0 and "Traceback" not in told
    _until(lambda: any(runs.glob("*/metrics.json")))
    (metrics,) = runs.glob("*/metrics.json")
    assert json.loads(metrics.read_text())["steps"] > 10


def test_that_a_dialog_tells_why_a_damaged_file_is_refused_where_there_is_no_terminal(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.aegui"
    damaged.write_bytes(b"no package")
    call = [sys.executable, "-m", "aegui", "--no-terminal", damaged]
    program = subprocess.Popen(call, stderr=subprocess.PIPE, text=True)
    try:
        window = _xdotool("search", "--sync", "--onlyvisible", "--pid", str(program.pid), "--name", "aegui")
        _xdotool("windowactivate", "--sync", window.splitlines()[0])
        _xdotool("key", "Return")
        _, told = program.communicate(timeout=_LIMIT)
    finally:
        program.kill()
    assert program.returncode == 2 and "damaged.aegui" in told


def _xdotool(*arguments: str) -> str:
    done = subprocess.run(["xdotool", *arguments], capture_output=True, text=True, timeout=_LIMIT, check=True)
    return done.stdout.strip()


def _until(condition: Callable[[], bool]) -> None:
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < _LIMIT
        time.sleep(0.1)
