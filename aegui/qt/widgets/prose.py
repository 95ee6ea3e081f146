"""Markdown as a page to read: headings, tables and code in the colours and the font of the window."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import (
    QBrush,
    QPalette,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

_WIDEST = 47  # a line of text, in heights of a letter
_LEADING = 125.0  # height of a line in percent
_HATTED = re.compile(r"\w\u0302")  # upright, DejaVu Sans has the hat far above the letter
_SIZES = {1: 1.6, 2: 1.2, 3: 1.05}  # of a heading by its level, over the size of the text


class Prose(QTextBrowser):
    """Shows Markdown. Links are told by ``anchorClicked`` and followed by whoever listens."""

    rendered = Signal()  # anew: whatever was marked in the text is gone

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._markdown = ""
        self.setOpenLinks(False)
        self.setLineWrapMode(QTextEdit.LineWrapMode.FixedPixelWidth)
        self.document().setDocumentMargin(14)
        self.document().setIndentWidth(22)

    def show_markdown(self, text: str) -> None:
        """Replaces the page, and goes to its top."""
        self._markdown = text
        self._render()
        self.verticalScrollBar().setValue(0)

    def _render(self) -> None:
        self.document().setDefaultFont(self.font())
        self.setMarkdown(self._markdown)
        for block in self._blocks():
            self._style_block(block)
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._style_table(frame)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.rendered.emit()

    def _blocks(self) -> Iterator[QTextBlock]:
        block = self.document().begin()
        while block.isValid():
            yield block
            block = block.next()

    def _style_block(self, block: QTextBlock) -> None:
        cursor = QTextCursor(block)
        level = block.blockFormat().headingLevel()
        form = QTextBlockFormat()
        form.setNonBreakableLines(False)  # of code
        form.setLineHeight(_LEADING, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if level:
            form.setTopMargin(0 if level == 1 else self.fontMetrics().height() * 0.9)
            form.setBottomMargin(self.fontMetrics().height() * 0.3)
            words = QTextCharFormat()
            words.setFontPointSize(self.font().pointSizeF() * _SIZES.get(level, 1.0))
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(words)
        cursor.mergeBlockFormat(form)
        code, link, hatted = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        code.setBackground(self.palette().color(QPalette.ColorRole.Window))
        link.setForeground(self.palette().color(QPalette.ColorRole.Link))
        for span in _spans(block, lambda words: words.fontFixedPitch()):
            span.mergeCharFormat(code)
        for span in _spans(block, lambda words: words.isAnchor()):
            span.mergeCharFormat(link)
        hatted.setFontItalic(True)
        for found in _HATTED.finditer(block.text()):
            _span(block, block.position() + found.start(), len(found[0])).mergeCharFormat(hatted)

    def _style_table(self, table: QTextTable) -> None:
        form = table.format()
        form.setBorder(1)
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderBrush(QBrush(self.palette().color(QPalette.ColorRole.Mid)))
        form.setBorderCollapse(True)
        form.setCellPadding(4)
        form.setCellSpacing(0)
        form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        table.setFormat(form)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._markdown:
            at = self.verticalScrollBar().value()
            self._render()
            self.verticalScrollBar().setValue(at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        widest = _WIDEST * self.fontMetrics().height()
        self.setLineWrapColumnOrWidth(min(self.viewport().width(), widest))
        super().resizeEvent(event)


def _spans(block: QTextBlock, wanted: Callable[[QTextCharFormat], bool]) -> Iterator[QTextCursor]:
    """A selection for each stretch of a block whose format is wanted."""
    spans = []
    fragments = block.begin()
    while not fragments.atEnd():
        fragment = fragments.fragment()
        if wanted(fragment.charFormat()):
            spans.append((fragment.position(), fragment.length()))
        fragments += 1
    for start, length in spans:
        yield _span(block, start, length)


def _span(block: QTextBlock, start: int, length: int) -> QTextCursor:
    cursor = QTextCursor(block)
    cursor.setPosition(start)
    cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
    return cursor
