"""What a threshold makes of the test set: its point on both curves, the confusion table, the measures."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from aegui.analysis.anomaly import Confusion, Ranking
from aegui.qt.theme import Theme
from aegui.qt.views.operating_plot import OperatingPlot
from aegui.qt.widgets.confusion import ConfusionTable
from aegui.qt.widgets.words import Elided, smaller

_MEASURES = {
    "precision": "Precision = TP / (TP + FP): the share of anomalies among what is called one",
    "recall": "Recall = TP / (TP + FN): the share of the anomalies that are called; the true positive rate",
    "f1": "F1 = 2·TP / (2·TP + FP + FN): the harmonic mean of precision and recall",
    "called": "Test samples whose error lies above the threshold",
}
_ROC = (
    "Receiver operating characteristic: true positive rate TP/(TP+FN) over false positive rate FP/(FP+TN),"
    " for every threshold; the dot is the one chosen.\nAUROC is the area beneath it: the probability that an"
    " anomaly has a larger error than a normal sample (0.5 by chance, dashed)."
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
        self._build()
        for canvas in (self.roc, self.precision_recall):
            canvas.painted.connect(self.painted)

    def _build(self) -> None:
        self.roc.setAccessibleName("ROC curve")
        self.roc.setToolTip(_ROC)
        self.precision_recall.setAccessibleName("Precision-recall curve")
        self.precision_recall.setToolTip(_PR)
        side, grid = QVBoxLayout(), QGridLayout()
        side.setSpacing(3)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        for place, (name, label) in enumerate(self.measures.items()):
            label.setFont(smaller(label.font()))
            label.setToolTip(_MEASURES[name])
            grid.addWidget(label, place // 2, place % 2)
        side.addWidget(self.table, 1)
        side.addLayout(grid)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.roc, 5)
        layout.addWidget(self.precision_recall, 5)
        layout.addLayout(side, 6)

    def show_ranking(self, ranking: Ranking | None, truth: bool, why: str) -> None:
        """Shows the curves of a ranking, or ``why`` there are none."""
        self._ranking, self._truth = ranking, truth
        self.roc.message, self.precision_recall.message = why, ""
        auroc = ranking.auroc if ranking is not None and truth else None
        precision = ranking.average_precision if ranking is not None and auroc is not None else None
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
        self._measure(counts)

    def restyle(self) -> None:
        """Takes on the colours of the theme."""
        self.roc.restyle()
        self.precision_recall.restyle()

    def _measure(self, counts: Confusion | None) -> None:
        known = counts is not None and self._truth
        texts = dict.fromkeys(_MEASURES, "")
        for name, title in (("precision", "Precision"), ("recall", "Recall"), ("f1", "F1")):
            texts[name] = f"{title} {getattr(counts, name):.4f}" if known else f"{title} –"
        if counts is not None:
            called, total = counts.tp + counts.fp, counts.tp + counts.fp + counts.fn + counts.tn
            share = f" ({100 * called / max(total, 1):.1f}%)" if not known else ""
            texts["called"] = f"Called {called:,}{share}"
        for name, label in self.measures.items():
            label.setText(texts[name])
            label.setVisible(known or counts is None or name == "called")
            label.setAccessibleName(texts[name])


def _drawn(counts: Confusion) -> float:
    """The height of a threshold on the curve, which begins at 1 where nothing is called yet."""
    return counts.precision if counts.tp + counts.fp else 1.0
