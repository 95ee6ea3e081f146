"""From where on an error is called anomalous: a rule fitted on training samples, or a line put by hand."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from aegui.analysis.anomaly import (
    DEVIATIONS,
    QUANTILE,
    Floats,
    deviation_threshold,
    quantile_threshold,
)
from aegui.qt.views.text import figures
from aegui.qt.widgets.choice import Choice
from aegui.qt.widgets.measured import Measured
from aegui.qt.widgets.number import FloatBox
from aegui.qt.widgets.tool import Tool
from aegui.qt.widgets.words import Elided

_RULES = {
    "quantile": ("quantile", "The share q of the training samples has an error of at most the threshold."),
    "deviation": ("mean + s·sd", "Mean of the training samples' errors plus s standard deviations."),
}
_NUMBERS = {"quantile": ("q", 0.0, 1.0, 0.01), "deviation": ("s", -10.0, 50.0, 0.5)}  # limits and step
_USUAL = {"quantile": QUANTILE, "deviation": DEVIATIONS}
_GAP = 5  # pixels
_FITTED = (
    "Fitted on the errors of the training samples as the network sees them, with any anomalies"
    " among them; never on the test set."
)


class ThresholdLine(Measured):
    """The rule with its number, the threshold that comes of it, and the way back to it."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hand: float | None = None  # the threshold that was put by hand
        self._errors: Floats = np.zeros(0, np.float32)
        self._build()
        self._say()

    def _build(self) -> None:
        self.label = Elided("Threshold", self)
        self.rule = Choice(self)
        self.rule.setAccessibleName("Rule of the threshold")
        self.rule.setToolTip(_FITTED)
        for key, (title, tip) in _RULES.items():
            self.rule.offer(key, title, tip)
        self.boxes = {rule: self._box(rule) for rule in _RULES}
        self.equals = Elided("", self, "quiet")
        self.back = Tool("Back to rule", "Puts the threshold where the rule has it (Escape)", self)
        self.back.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        for widget in (self.label, self.rule, *self.boxes.values()):
            widget.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            layout.addWidget(widget)
        layout.addWidget(self.equals, 1)
        layout.addWidget(self.back)
        self.measure()
        self.rule.edited.connect(self._choose)
        self.back.clicked.connect(self.return_to_rule)

    def _measure(self) -> None:
        advance = self.fontMetrics().horizontalAdvance
        self.label.setFixedWidth(advance(self.label.text()) + 2)
        self.rule.setFixedWidth(advance("mean + s·sd") + 40)
        for box in self.boxes.values():
            box.setFixedWidth(advance("0.9999") + 34)

    @property
    def threshold(self) -> float | None:
        """The line that is in force; None where there is nothing to fit it on."""
        return self.hand if self.hand is not None else self.fitted

    @property
    def fitted(self) -> float | None:
        """What the rule gives; None without training errors."""
        if not len(self._errors):
            return None
        fit = quantile_threshold if self.rule.value() == "quantile" else deviation_threshold
        return fit(self._errors, float(self.box.value()))

    @property
    def box(self) -> FloatBox:
        """The number of the rule that is chosen."""
        return self.boxes[self.rule.value()]

    def set_errors(self, errors: Floats) -> None:
        """The finite errors (m,) of training samples on which the rule is fitted."""
        self._errors = errors
        self._say()

    def put(self, threshold: float) -> None:
        """Puts the threshold by hand."""
        self.hand = threshold
        self._say()
        self.changed.emit()

    @Slot()
    def return_to_rule(self) -> None:
        """Takes the hand away."""
        self.hand = None
        self._say()
        self.changed.emit()

    def forget(self) -> None:
        """The same for other data, without a word."""
        self.hand = None
        self.set_errors(np.zeros(0, np.float32))

    @Slot(object)
    def _choose(self, _rule: str) -> None:
        self.return_to_rule()

    @Slot(object)
    def _number(self, value: float) -> None:
        self.box.show_value(self.box.clamped(value))
        self.return_to_rule()

    def _show_rule(self) -> None:
        """The rule with its number; neither while the threshold is put by hand."""
        ruled = self.hand is None
        self.rule.setVisible(ruled)
        for rule, box in self.boxes.items():
            box.setVisible(ruled and rule == self.rule.value())
        self.back.setVisible(not ruled)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Without room for all, the word in front of the number goes first, and then some of its figures."""
        beside = (self.rule, self.box) if self.hand is None else (self.back,)
        rest = sum(w.sizeHint().width() if w is self.back else w.width() for w in beside)
        room = self.width() - rest - len(beside) * _GAP
        texts = [self._text(digits) for digits in (4, 3, 2)]
        wide = [self.equals.fontMetrics().horizontalAdvance(text) + 2 for text in texts]
        self.equals.setText(next((t for t, w in zip(texts, wide, strict=True) if w <= room), texts[-1]))
        self.label.setVisible(wide[0] + _GAP + self.label.maximumWidth() <= room)

    def _text(self, digits: int) -> str:
        """The threshold, and that it was put by hand."""
        if self.threshold is None:
            return ""
        number = figures(self.threshold, digits)
        return f"= {number}" if self.hand is None else f"{number} by hand"

    def _box(self, rule: str) -> FloatBox:
        symbol, low, high, step = _NUMBERS[rule]
        box = FloatBox(self, step=step)
        box.low, box.high = low, high
        box.setAccessibleName(f"{symbol} of the rule")
        box.setToolTip(f"{symbol}: {_RULES[rule][1]}\n{_FITTED}")
        box.show_value(_USUAL[rule])
        box.edited.connect(self._number)
        return box

    def _say(self) -> None:
        text = self._text(4)
        why = _FITTED if self.hand is None else "Put by hand, not fitted"
        self.equals.setToolTip(f"{text}\n{why}".lstrip())
        self.equals.setAccessibleName(f"Threshold {text}")
        self._show_rule()
        self._make_room()
