"""What a threshold makes of the test set: its point on both curves, the confusion table, the measures."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegui.analysis.anomaly import Confusion, Ranking
from aegui.qt.theme import Theme
from aegui.qt.views.operating_plot import OperatingPlot
from aegui.qt.widgets.confusion import ConfusionTable
from aegui.qt.widgets.words import Elided, smaller
from aegui.runs.plates import Table

_MEASURES = {
    "precision": "Precision = TP / (TP + FP): the share of anomalies among what is called one",
    "recall": "Recall = TP / (TP + FN): the share of the anomalies that are called; the true positive rate",
    "f1": "F1 = 2·TP / (2·TP + FP + FN): the harmonic mean of precision and recall",
    "called": "Test samples whose error lies above the threshold",
}
_TITLES = {"precision": "Precision", "recall": "Recall", "f1": "F1"}
_LINES = (("precision", "recall"), ("f1", "called"))
_FORMS = 3  # of a measure, from full to short
_GAP = 6  # pixels between two measures
_ROC = (
    "Receiver operating characteristic: true positive rate (TPR) TP/(TP+FN) over false positive rate (FPR)"
    " FP/(FP+TN), for every threshold; the dot is the one chosen.\nAUROC is the area beneath it: the"
    " probability that an anomaly has a larger error than a normal sample (0.5 by chance, dashed)."
)
_PR = (
    "Precision over recall, for every threshold; the dot is the one chosen.\nAP, average precision, is"
    " Σ (Rₙ − Rₙ₋₁)·Pₙ; by chance it is the share of anomalies (dashed)."
)


class Detector(QWidget):
    """Shows a ranking at a threshold. Without a truth it says only how many are called."""

    painted = Signal(float)  # seconds

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ranking: Ranking | None = None
        self._truth = False
        self.roc = OperatingPlot(theme, "false positive rate", "true positive rate", "right", self)
        self.precision_recall = OperatingPlot(theme, "recall", "precision", "left", self)
        self.table = ConfusionTable(self)
        self.measures = {name: Elided("", self) for name in _MEASURES}
        self._lines: list[QHBoxLayout] = []
        self._counts: Confusion | None = None
        self._build()
        for canvas in (self.roc, self.precision_recall):
            canvas.painted.connect(self.painted)

    def _build(self) -> None:
        self.roc.setAccessibleName("ROC curve")
        self.roc.setToolTip(_ROC)
        self.precision_recall.setAccessibleName("Precision-recall curve")
        self.precision_recall.setToolTip(_PR)
        side = QVBoxLayout()
        side.setSpacing(0)
        side.addWidget(self.table, 1)
        side.addSpacing(3)
        for names in _LINES:
            line = QHBoxLayout()
            line.setSpacing(_GAP)
            for name in names:
                self.measures[name].setFont(smaller(self.font()))
                self.measures[name].setToolTip(_MEASURES[name])
                line.addWidget(self.measures[name])
            side.addLayout(line)
            self._lines.append(line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.roc, 5)
        layout.addWidget(self.precision_recall, 5)
        layout.addLayout(side, 8)

    def show_ranking(self, ranking: Ranking | None, truth: bool, why: str) -> None:
        """Shows the curves of a ranking, or ``why`` there are none."""
        self._ranking, self._truth = ranking, truth
        self.roc.message, self.precision_recall.message = why, ""
        auroc = ranking.auroc if ranking is not None and truth else None
        precision = ranking.average_precision if ranking is not None and auroc is not None else None
        self.precision_recall.setVisible(precision is not None)  # the reason why not needs the room
        if ranking is None or auroc is None or precision is None:
            self.roc.show_curve(None, (0, 1), "")
            self.precision_recall.show_curve(None, (0, 1), "")
            return
        self.roc.show_curve(ranking.roc, (0.0, 1.0), f"AUROC {auroc:.4f}")
        share = ranking.anomalies / (ranking.anomalies + ranking.normals)
        self.precision_recall.show_curve(ranking.precision_recall, (share, share), f"AP {precision:.4f}")

    def show_threshold(self, threshold: float | None) -> None:
        """Moves the points to a threshold, and counts."""
        counts = None
        if self._ranking is not None and threshold is not None:
            counts = self._ranking.confusion(threshold)
        both = counts is not None and self.roc.area != ""
        self.roc.set_point((counts.false_positive_rate, counts.recall) if counts and both else None)
        self.precision_recall.set_point((counts.recall, _drawn(counts)) if counts and both else None)
        self.table.show_counts(counts if self._truth else None)
        self._counts = counts
        self._measure()

    def plates(self) -> tuple[Table, ...]:
        """What the threshold makes of the samples, for paper; none while there is no threshold."""
        counts = self._counts
        if counts is None:
            return ()
        said = " · ".join(text for name in self._shown if (text := self._text(name, 0)))
        if not self._truth:
            return (Table((said,), ()),)
        head = ("", "called anomaly", "called normal")
        rows = (
            ("really anomaly", f"TP {counts.tp:,}", f"FN {counts.fn:,}"),
            ("really normal", f"FP {counts.fp:,}", f"TN {counts.tn:,}"),
        )
        return (Table(head, rows, said),)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def restyle(self) -> None:
        """Takes on the colours of the theme."""
        self.roc.restyle()
        self.precision_recall.restyle()

    @property
    def _shown(self) -> list[str]:
        """The measures that there can be."""
        return [name for name in _MEASURES if self._counts is None or self._truth or name == "called"]

    def _measure(self) -> None:
        """Says the measures, each line as fully as it fits."""
        shown = self._shown
        for line, names in zip(self._lines, _LINES, strict=True):
            forms = [{n: self._text(n, form) for n in names if n in shown} for form in range(_FORMS)]
            texts = next((form for form in forms if self._fits(form.values())), forms[-1])
            for name in names:
                label = self.measures[name]
                label.setText(texts.get(name, ""))
                label.setAccessibleName(forms[0].get(name, ""))
                label.setVisible(name in shown)
                line.setStretchFactor(label, label.fontMetrics().horizontalAdvance(label.text()) + 1)

    def _text(self, name: str, form: int) -> str:
        """A measure in words, the shorter the higher the number of the form."""
        counts, known = self._counts, self._counts is not None and self._truth
        if name == "called":
            if counts is None:
                return ""
            called, total = counts.tp + counts.fp, counts.tp + counts.fp + counts.fn + counts.tn
            share = "" if known else f" ({100 * called / max(total, 1):.1f} %)"
            return f"Called {'' if form else 'anomalous '}{called:,}{share}"
        title = _TITLES[name]
        return f"{title} {getattr(counts, name):.{4 - form}f}" if known else f"{title} –"

    def _fits(self, texts: Collection[str]) -> bool:
        metrics = self.measures["called"].fontMetrics()
        wide = sum(metrics.horizontalAdvance(text) + 2 for text in texts) + _GAP * (len(texts) - 1)
        return wide <= self.table.width()


def _drawn(counts: Confusion) -> float:
    """The height of a threshold on the curve, which begins at 1 where nothing is called yet."""
    return counts.precision if counts.tp + counts.fp else 1.0
