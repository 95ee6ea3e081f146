"""Markdown in the window's colours."""

from __future__ import annotations

from PySide6.QtGui import QPalette, QTextCursor, QTextTable
from pytestqt.qtbot import QtBot

from aegui.qt.theme import Theme
from aegui.qt.widgets.prose import Prose

PAGE = """# Title

Some words with `code`, the reconstruction x̂ and a [link](other.md).

| a | b |
| --- | --- |
| 1 | x̂ − ρ̂ⱼ |

```
a line of code that is longer than any window is wide, so that it has to be broken somewhere or other
```
"""


def shown(qtbot: QtBot, mode: str = "light") -> tuple[Prose, Theme]:
    theme = Theme(mode)
    prose = Prose()
    qtbot.addWidget(prose)
    prose.resize(400, 300)
    prose.show_markdown(PAGE)
    prose.show()
    return prose, theme


def at(prose: Prose, text: str) -> QTextCursor:
    """Behind the first letter of a text."""
    found = prose.document().find(text)
    found.setPosition(found.selectionStart() + 1)
    return found


def test_that_code_links_and_tables_have_the_colours_of_the_theme(qtbot: QtBot) -> None:
    prose, theme = shown(qtbot)
    for mode in ("dark", "light"):
        theme.set_mode(mode)
        accent, ground = theme.colours.accent, theme.colours.window
        qtbot.waitUntil(lambda wanted=accent: _foreground(at(prose, "link")) == wanted)
        assert at(prose, "code").charFormat().background().color().name() == ground
        (table,) = (f for f in prose.document().rootFrame().childFrames() if isinstance(f, QTextTable))
        assert table.format().borderBrush().color().name() == theme.colours.line
        assert prose.palette().color(QPalette.ColorRole.Base).name() == theme.colours.base


def _foreground(cursor: QTextCursor) -> str:
    return cursor.charFormat().foreground().color().name()


def test_that_letters_with_a_hat_are_slanted_and_no_others(qtbot: QtBot) -> None:
    prose, _ = shown(qtbot)
    for text, slanted in (("x̂ and", True), ("x̂ −", True), ("ρ̂", True), ("and a", False), ("words", False)):
        assert at(prose, text).charFormat().fontItalic() == slanted, text


def test_that_nothing_is_wider_than_the_page(qtbot: QtBot) -> None:
    prose, _ = shown(qtbot)
    for width in (300, 700, 2000):
        prose.resize(width, 300)
        qtbot.waitUntil(lambda wide=width: prose.width() == wide)
        assert prose.horizontalScrollBar().maximum() == 0
        assert prose.lineWrapColumnOrWidth() <= min(width, 50 * prose.fontMetrics().height())


def test_that_headings_are_larger_by_their_level(qtbot: QtBot) -> None:
    prose, _ = shown(qtbot)
    sizes = [
        at(prose, text).charFormat().fontPointSize() or prose.font().pointSizeF()
        for text in ("Title", "words")
    ]
    assert sizes[0] > sizes[1]


def test_that_a_page_stays_where_it_was_read_when_the_colours_change(qtbot: QtBot) -> None:
    prose, theme = shown(qtbot)
    prose.resize(300, 120)
    bar = prose.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 20)
    bar.setValue(20)
    with qtbot.waitSignal(prose.rendered):
        theme.set_mode("dark")
    assert bar.value() == 20
    prose.show_markdown(PAGE)
    assert bar.value() == 0
