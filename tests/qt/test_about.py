"""What the program says of itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialogButtonBox, QMessageBox
from pytestqt.qtbot import QtBot

import aegui
from aegui.data.catalog import catalog
from aegui.parts import Part, parts
from aegui.qt.about import licence_text, set_text, versions
from aegui.qt.widgets.buttons import without_icons
from aegui.resources import resource


def test_that_every_set_that_comes_along_is_told_with_its_licence_and_its_file() -> None:
    files = {path.name for path in resource("licences").glob("*.md")}
    for entry in (entry for entry in catalog() if not entry.files):
        text = set_text(entry)
        assert text.startswith("# ") and entry.source in text and entry.licence in text
        files -= {name for name in files if (resource("licences") / name).read_text("utf-8").strip() in text}
    assert files == set(), "a licence file that belongs to no set"


def test_that_versions_name_the_system_and_every_part() -> None:
    known = parts()
    text = versions(known)
    assert text.startswith(f"aegui {aegui.__version__}") and "Qt " in text and "Python " in text
    assert all(f"\n{part.name} {part.version}" in text for part in known[1:])


def test_that_a_licence_is_told_by_its_files_or_by_where_it_is_not(tmp_path: Path) -> None:
    first, second = tmp_path / "LICENSE", tmp_path / "NOTICE"
    first.write_text("Do what you like.", encoding="utf-8")
    second.write_bytes(b"Caf\xe9")
    one = Part("one", "1", "MIT", "https://example.org", lambda: [(first, "LICENSE")])
    both = Part("both", "2", "", "", lambda: [(first, "LICENSE"), (second, "NOTICE")])
    gone = Part("gone", "3", "MIT", "", lambda: [(tmp_path / "moved", "LICENSE")])
    assert licence_text(one) == "one 1: MIT\nhttps://example.org\n\nDo what you like."
    assert "licence not named" in licence_text(both) and "── NOTICE ──" in licence_text(both)
    assert "moved cannot be read" in licence_text(gone)
    assert "not in this installation" in licence_text(Part("none", "4", "MIT", "", tuple))


def test_that_buttons_of_dialogs_have_no_icons(qtbot: QtBot) -> None:
    for box in (QDialogButtonBox(), QMessageBox()):
        qtbot.addWidget(box)
        box.setStandardButtons(type(box).StandardButton.Ok | type(box).StandardButton.Cancel)
        without_icons(box)
        assert len(box.buttons()) == 2 and all(button.icon().isNull() for button in box.buttons())
