"""Help through the real window: the manual, what is new, and what the program is made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QLabel,
    QLineEdit,
    QMenu,
    QTabWidget,
    QTreeWidget,
    QWidget,
)
from student import Student

import aegui
from aegui.qt.about import AboutDialog
from aegui.qt.gallery import Gallery
from aegui.qt.importing.dialog import ImportDialog
from aegui.qt.manual.pages import PAGES, page_text
from aegui.qt.manual.topics import TOPICS, topic_of
from aegui.qt.manual.window import ManualWindow
from aegui.qt.recovery_dialog import RecoveryDialog
from aegui.qt.session import State
from aegui.qt.settings import Settings
from aegui.qt.sharing_dialog import ShareDialog
from aegui.qt.widgets.page_dialog import PageDialog
from aegui.qt.workspaces import WORKSPACES
from aegui.spec import Experiment
from aegui.spec.presets import presets

pytestmark = pytest.mark.journey
Open = Callable[..., Student]

_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_DIALOGS = (ImportDialog, Gallery, ShareDialog, RecoveryDialog)
_ITALIC = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")


def _manual(student: Student) -> ManualWindow:
    student.sees(lambda: student.window.findChild(ManualWindow) is not None)
    manual = student.window.findChild(ManualWindow)
    assert manual is not None
    student.sees(manual.isActiveWindow)
    return manual


def _dialog(student: Student, kind: type[QWidget]) -> QWidget:
    student.sees(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def test_that_f1_opens_the_page_on_what_has_the_focus(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    window = student.window
    window.setFocus()
    student.presses(Qt.Key.Key_F1)
    manual = _manual(student)
    assert manual.page == "first-steps" and "First steps" in manual.text.toPlainText()
    for widget, page in ((window.loss.canvas, "training"), (window.panels[1].fields[0], "network")):
        window.activateWindow()
        _focus(student, widget)
        student.presses(Qt.Key.Key_F1)
        student.sees(lambda wanted=page: manual.page == wanted)
    window.activateWindow()
    student.presses(Qt.Key.Key_3, _CTRL)
    window.setFocus()
    student.presses(Qt.Key.Key_F1)
    student.sees(lambda: manual.page == "denoising")


def _focus(student: Student, widget: QWidget) -> None:
    inside = [w for w in (widget, *widget.findChildren(QWidget)) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]

    def has_focus() -> bool:
        widget.window().activateWindow()  # again: a window manager may still be about to activate another
        inside[0].setFocus()
        return inside[0].hasFocus()

    student.sees(has_focus)


def test_that_every_part_of_the_window_has_a_page(open_window: Open, small: Experiment) -> None:
    window = open_window(small).window
    for workspace in WORKSPACES:
        window.workspaces.show_workspace(workspace.id)
        assert topic_of(window.workspaces.view(workspace.id), window) == workspace.id
    window.workspaces.setCurrentIndex(0)
    parts = (*window.panels, *window.views, window.replay, window.messages)
    assert all(topic_of(part, window) in PAGES for part in parts)
    assert {type(part).__name__ for part in parts} | {dialog.__name__ for dialog in _DIALOGS} == set(TOPICS)
    assert topic_of(window.latent.findChild(QComboBox), window) == "latent"


@pytest.mark.parametrize(
    ("dialog", "page"), [("preset", "types"), ("share", "runs"), ("data", "data"), ("keys", "first-steps")]
)
def test_that_f1_in_a_dialog_opens_a_manual_that_can_be_read_beside_it(
    open_window: Open, small: Experiment, tmp_path: Path, dialog: str, page: str
) -> None:
    student = open_window(small)
    student.window.setFocus()
    if dialog == "data":
        table = tmp_path / "table.csv"
        table.write_text("a,b\n" + "1,2\n" * 20)
        student.window.opening.open(table)
    else:
        student.window.actions_[dialog].trigger()
    _reads_beside(student, page)


def _reads_beside(student: Student, page: str) -> None:
    student.sees(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    student.sees(dialog.isActiveWindow)
    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_F1)
    manual = _manual(student)
    student.sees(manual.isVisible)
    assert manual.page == page
    _click(student, manual, manual.search)
    student.sees(manual.search.hasFocus)
    dialog.reject()
    student.sees(lambda: QApplication.activeModalWidget() is None)
    assert manual.isVisible()
    _click(student, manual, manual.text.viewport())
    student.sees(manual.text.hasFocus)


def _click(student: Student, manual: ManualWindow, widget: QWidget) -> None:
    """As the system tells of it, which is not heard behind a dialog that blocks."""
    student.sees(lambda: manual.windowHandle().isExposed())
    place = widget.mapTo(manual, widget.rect().center())
    QTest.mouseClick(manual.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def test_that_links_contents_back_and_forward_turn_the_pages(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    window = student.window
    student.presses(Qt.Key.Key_F1)
    manual = _manual(student)
    manual.open_page("types")
    student.clicks(manual.text.viewport(), _place_of_link(manual, "latent.md"))
    assert manual.page == "latent" and manual.tree.currentItem().text(0) == "Latent space"
    assert manual.text.verticalScrollBar().value() == 0
    QTest.keyClick(manual, Qt.Key.Key_Left, _ALT)
    assert manual.page == "types"
    assert manual.text.verticalScrollBar().value() > 0, "it was left at its end, where the link stands"
    QTest.keyClick(manual, Qt.Key.Key_Right, _ALT)
    assert manual.page == "latent" and not manual.forward_button.isEnabled()
    manual.tree.setFocus()
    QTest.keyClick(manual.tree, Qt.Key.Key_Up)
    QTest.keyClick(manual.tree, Qt.Key.Key_Up)
    assert manual.page == "types"
    manual.open_page("first-steps")
    manual.text.setFocus()
    QTest.keyClick(manual.text, Qt.Key.Key_Tab)
    QTest.keyClick(manual.text, Qt.Key.Key_Return)
    assert manual.page == "data", "the first link of the page"
    QTest.keyClick(manual, Qt.Key.Key_Escape)
    assert not manual.isVisible() and window.isVisible()


def _place_of_link(manual: ManualWindow, link: str) -> QPoint:
    """Where a link stands, after the page has been scrolled to it."""
    document: QTextDocument = manual.text.document()
    block = document.begin()
    while block.isValid():
        for at in range(block.length()):
            cursor = manual.text.textCursor()
            cursor.setPosition(block.position() + at)
            if cursor.charFormat().anchorHref() == link:
                manual.text.setTextCursor(cursor)
                manual.text.ensureCursorVisible()
                place = manual.text.cursorRect(cursor).center()
                if manual.text.anchorAt(place) == link:
                    return place
        block = block.next()
    raise AssertionError(f"no link to {link}")


def test_that_a_search_keeps_the_pages_with_all_words_and_marks_them(
    open_window: Open, small: Experiment
) -> None:
    student = open_window(small)
    student.presses(Qt.Key.Key_F1)
    manual = _manual(student)
    QTest.keyClick(manual, Qt.Key.Key_F, _CTRL)
    student.sees(manual.search.hasFocus)
    QTest.keyClicks(manual.search, "wiener decibels")
    assert manual.page == "denoising" and _shown(manual) == ["Denoising"]
    assert len(manual.text.extraSelections()) >= 2
    QTest.keyClick(manual.search, Qt.Key.Key_Return)
    assert manual.text.textCursor().selectedText().lower() == "wiener"
    manual.search.setText("xylophone")
    assert _shown(manual) == [] and manual.nothing.text() and manual.page == "denoising"
    QTest.keyClick(manual, Qt.Key.Key_Escape)
    assert manual.isVisible() and len(_shown(manual)) == len(PAGES)


def _shown(manual: ManualWindow) -> list[str]:
    groups = [manual.tree.topLevelItem(i) for i in range(manual.tree.topLevelItemCount())]
    children = [g.child(i) for g in groups if not g.isHidden() for i in range(g.childCount())]
    return [child.text(0) for child in children if not child.isHidden()]


def test_that_the_manual_remembers_its_size_and_goes_with_the_window(
    open_window: Open, small: Experiment
) -> None:
    student = open_window(small)
    student.presses(Qt.Key.Key_F1)
    manual = _manual(student)
    manual.resize(700, 500)
    student.window.document.undo_stack.setClean()
    student.window.close()
    student.sees(lambda: not manual.isVisible())
    again = open_window(small)
    again.presses(Qt.Key.Key_F1)
    assert _manual(again).size().toTuple() == (700, 500)


def test_that_pages_follow_the_theme(open_window: Open, small: Experiment) -> None:
    student = open_window(small)
    student.presses(Qt.Key.Key_F1)
    manual = _manual(student)
    for mode in ("dark", "light"):
        student.window.theme.set_mode(mode)
        colours = student.window.theme.colours
        student.sees(lambda wanted=colours.accent: _link_colour(manual) == wanted)


def _link_colour(manual: ManualWindow) -> str:
    """Of the first link on the page."""
    cursor = manual.text.textCursor()
    while not cursor.charFormat().anchorHref():
        assert cursor.movePosition(cursor.MoveOperation.NextCharacter)
    return cursor.charFormat().foreground().color().name()


def test_that_every_name_in_italics_stands_somewhere_in_the_window(
    open_window: Open, small: Experiment
) -> None:
    student = open_window(small)
    window = student.window
    for workspace in WORKSPACES:
        window.workspaces.show_workspace(workspace.id)
    student.clicks_tool("play")
    student.sees_state(State.RUNNING)
    others = Gallery(presets(), window), ImportDialog(window.document.experiment.data, window)
    words = {_bare(text) for root in (window, *others) for text in _texts(root)}
    student.clicks_tool("play")
    student.sees_state(State.PAUSED)
    words |= {_bare(text) for text in _texts(window.toolbar)}
    for name in PAGES:
        named = {text for text in _ITALIC.findall(page_text(name)) if ", " not in text}
        assert {text for text in named if _bare(text) not in words} == set(), name
    for dialog in others:
        dialog.deleteLater()


def _bare(text: str) -> str:
    return text.replace("&", "").rstrip("…").strip()


def _texts(root: QWidget) -> Iterator[str]:
    for widget in (root, *root.findChildren(QWidget)):
        match widget:
            case QAbstractButton() | QLabel():
                yield widget.text()
            case QComboBox():
                yield from (widget.itemText(i) for i in range(widget.count()))
            case QLineEdit():
                yield widget.placeholderText()
            case QTabWidget():
                yield from (widget.tabText(i) for i in range(widget.count()))
            case QDockWidget():
                yield widget.windowTitle()
            case QMenu():
                yield from (action.text() for action in widget.actions())
            case QTreeWidget():
                for item in widget.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive):
                    yield item.text(0)


def test_that_what_is_new_is_told_once_after_an_update_and_never_at_the_first_start(
    open_window: Open, small: Experiment, settings: Settings
) -> None:
    student = open_window(small)
    student.sees(lambda: settings.version == aegui.__version__)
    assert student.window.messages.current is None
    settings.version = "0.0.9"
    student = open_window(small)
    messages = student.window.messages
    student.sees(lambda: messages.current is not None and messages.current.key == "update")
    assert "0.0.9" in messages.current.text and settings.version == aegui.__version__
    student.clicks(messages.button)
    dialog = _dialog(student, PageDialog)
    assert f"\n{aegui.__version__}\n" in dialog.text.toPlainText()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    student.sees(lambda: QApplication.activeModalWidget() is None)
    student = open_window(small)
    QTest.qWait(100)
    student.sees(lambda: settings.version == aegui.__version__)
    assert student.window.messages.current is None


def test_that_about_shows_every_part_with_the_text_of_its_licence(
    open_window: Open, small: Experiment
) -> None:
    student = open_window(small)
    student.window.actions_["about"].trigger()
    dialog = _dialog(student, AboutDialog)
    assert isinstance(dialog, AboutDialog)
    names = [
        dialog.libraries.list.topLevelItem(i).text(0)
        for i in range(dialog.libraries.list.topLevelItemCount())
    ]
    assert names[:2] == ["aegui", "Python"] and {"PySide6_Essentials", "torch", "numpy"} <= set(names)
    for name, words in (("aegui", "WITHOUT WARRANTY"), ("PySide6_Essentials", "GNU LESSER GENERAL")):
        dialog.libraries.list.setCurrentIndex(dialog.libraries.list.model().index(names.index(name), 0))
        assert words in dialog.libraries.text.toPlainText()
    assert "LeCun" in dialog.data.text.toPlainText()
    student.clicks(dialog.copy_button)
    copied = QGuiApplication.clipboard().text()
    assert f"aegui {aegui.__version__}" in copied and "torch 2" in copied
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    student.sees(lambda: QApplication.activeModalWidget() is None)
