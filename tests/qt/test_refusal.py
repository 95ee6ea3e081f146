from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aegui.qt.refusal import refusal_box

START = """
import sys
sys.stdout = sys.stderr = None
from aegui.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def test_that_every_sentence_of_a_refusal_is_shown_as_it_is(qtbot: QtBot) -> None:
    box = refusal_box(["a.toml: <b>code.size</b> is 0, at least 1", "a.toml: seed is missing"])
    qtbot.addWidget(box)
    assert box.text() == "a.toml: <b>code.size</b> is 0, at least 1\n\na.toml: seed is missing"
    assert box.textFormat() == Qt.TextFormat.PlainText


def test_that_a_start_without_a_terminal_refuses_a_damaged_file(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.aegui"
    damaged.write_bytes(b"no package")
    call, unseen = [sys.executable, "-c", START, damaged], {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(call, check=False, capture_output=True, timeout=120, env=os.environ | unseen)
    assert done.returncode == 2
    assert done.stdout == done.stderr == b""


def test_that_nobody_is_shown_a_dialog_without_a_display(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    call = [sys.executable, "-m", "aegui", "--no-terminal", tmp_path / "none.toml"]
    done = subprocess.run(call, check=False, capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == 2 and "there is no such file" in done.stderr
