"""The menu of the kinds of layers: one sentence each, and why one cannot stand at a place."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QAction, QFont, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QMenu, QWidget

from aegui.qt.panels.layer_kinds import Place, order_of, sentence_of
from aegui.qt.widgets.layer_words import kind_title
from aegui.qt.widgets.tint import mix, tone
from aegui.qt.widgets.words import smaller

_LEFT, _GAP = 12, 18  # px before the titles, and between them and the sentences


class KindMenu(QMenu):
    """Every kind of layer; ``chosen`` carries its tag. Those that cannot stand at ``place`` say why."""

    chosen = Signal(str)

    def __init__(self, place: Place, parent: QWidget, current: str = "") -> None:
        super().__init__(parent)
        self._obstacles: dict[QAction, str] = {}
        self._current: QAction | None = None
        self._small = smaller(self.font())
        self.setToolTipsVisible(True)
        self.setAccessibleName("Kinds of layers")
        for number, group in enumerate(order_of(place.part)):
            if number:
                self.addSeparator()
            for kind in group:
                action = self._offer(kind, place.obstacle(kind))
                self._current = action if kind == current else self._current
        self.setMinimumWidth(self._wide())
        self.aboutToHide.connect(self.deleteLater)

    def action_of(self, kind: str) -> QAction:
        """The entry of a kind."""
        return next(action for action in self.actions() if action.data() == kind)

    def obstacle(self, kind: str) -> str:
        """What is said against a kind, empty if nothing."""
        return self._obstacles[self.action_of(kind)]

    def open_beneath(self, widget: QWidget) -> None:
        """Pops up, with the current kind under the cursor."""
        place = widget.mapToGlobal(widget.rect().bottomLeft())
        self.popup(place)
        self.setActiveAction(self._current or self.actions()[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        for action in self.actions():
            if not action.isSeparator():
                self._paint(painter, action, self.actionGeometry(action))

    def _offer(self, kind: str, obstacle: str) -> QAction:
        title, sentence = kind_title(kind), sentence_of(kind)
        action = self.addAction(title)
        action.setData(kind)
        action.setStatusTip(_short(obstacle) if obstacle else sentence)
        why = f"\n\nNot here: {obstacle}." if obstacle else ""
        action.setToolTip(f"{title}\n{sentence}{why}")
        action.triggered.connect(lambda: self.chosen.emit(kind))
        self._obstacles[action] = obstacle
        return action

    def _paint(self, painter: QPainter, action: QAction, rect: QRect) -> None:
        """Covers what the style has drawn there with title and sentence in two columns."""
        active = action is self.activeAction()
        palette = self.palette()
        accent, ground = palette.highlight().color(), palette.color(QPalette.ColorRole.Base)
        inside = rect.intersected(self.rect().adjusted(1, 1, -1, -1))  # of the frame
        painter.fillRect(inside, mix(accent, ground, 0.22) if active else ground)
        bold = QFont(self.font())
        bold.setBold(action is self._current)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        obstacle = self._obstacles[action]
        painter.setFont(bold)
        painter.setPen(tone(palette, "quiet") if obstacle else palette.text().color())
        painter.drawText(rect.adjusted(_LEFT, 0, 0, 0), flags, action.text())
        painter.setFont(self._small)
        painter.setPen(tone(palette, "notice" if obstacle else "quiet"))
        beside = rect.adjusted(_LEFT + self._column() + _GAP, 0, -6, 0)
        text = QFontMetrics(self._small).elidedText(
            action.statusTip(), Qt.TextElideMode.ElideRight, beside.width()
        )
        painter.drawText(beside, flags, text)

    def _column(self) -> int:
        metrics = self.fontMetrics()
        return max(metrics.horizontalAdvance(action.text()) for action in self._obstacles)

    def _wide(self) -> int:
        """Room for the longest line, if the screen has it."""
        metrics = QFontMetrics(self._small)
        sentences = max(metrics.horizontalAdvance(action.statusTip()) for action in self._obstacles)
        wanted = _LEFT + self._column() + _GAP + sentences + _LEFT
        return min(wanted, self.screen().availableGeometry().width() - 2 * _GAP)


def _short(obstacle: str) -> str:
    """The reason, without what to do about it."""
    reason = obstacle.partition(";")[0]
    return f"Not here: it {reason}" if reason.startswith("needs") else f"Not here: {reason}"
