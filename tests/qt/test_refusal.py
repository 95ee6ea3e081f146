from __future__ import annotations

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
    done = subprocess.run(
        [sys.executable, "-c", START, damaged], check=False, capture_output=True, timeout=120
    )
    assert done.returncode == 2
    assert done.stdout == done.stderr == b""
