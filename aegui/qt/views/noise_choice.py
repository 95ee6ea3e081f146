"""A noise to look at: its kind, its strength with a mark where the network was trained, and clipping."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QStackedWidget, QWidget

from aegui.analysis.denoising import (
    KINDS,
    can_clip,
    hindrance,
    strength,
    strength_name,
    strength_param,
    with_strength,
)
from aegui.data.dataset import Dataset
from aegui.qt.form import control_for
from aegui.qt.widgets.choice import Check, Choice, enable_entry
from aegui.qt.widgets.number import SlidingNumber
from aegui.qt.widgets.tint import tone
from aegui.qt.widgets.titles import title_of
from aegui.qt.widgets.words import smaller
from aegui.spec import Masking, Noise, SaltPepper

_CLIP = "Keep the noisy input inside the data's range"
_BOX = 84  # pixels, the widest that a number is: the slider has the rest


class NoiseChoice(QWidget):
    """Every kind keeps its strength while another one is shown."""

    changed = Signal(object)  # Noise, by hand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._noises: dict[str, Noise] = {kind: cls() for kind, cls in KINDS.items()}
        self._kind = "gaussian"
        self._hindrances: dict[str, str] = {}
        self._trained: Noise | None = None
        self._ends: tuple[float, float] | None = None  # of the data's range
        self._build()
        self._show()

    def _build(self) -> None:
        self.kind = Choice(self)
        for name, cls in KINDS.items():
            self.kind.offer(name, title_of(name), cls.__doc__ or "")
        self.kind.setAccessibleName("Kind of noise")
        self.kind.setToolTip("The noise to look at, which may be one that the network was not trained on")
        self.strengths = {kind: self._strength(cls) for kind, cls in KINDS.items()}
        self.stack = QStackedWidget(self)
        for number in self.strengths.values():
            self.stack.addWidget(number)
        self.stack.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clip = Check(self)
        self.clip.setText("Clip")
        self.clip.setAccessibleName("Clip to the range")
        kept = self.clip.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.clip.setSizePolicy(kept)
        self.mark = Mark(self)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setVerticalSpacing(0)
        layout.addWidget(self.kind, 0, 0)
        layout.addWidget(self.stack, 0, 1)
        layout.addWidget(self.clip, 0, 2)
        layout.addWidget(self.mark, 1, 1)
        layout.setColumnStretch(0, 2)
        layout.setColumnStretch(1, 4)
        self.kind.edited.connect(self._choose)
        self.clip.edited.connect(self._choose_clip)

    def _strength(self, cls: type[Noise]) -> SlidingNumber:
        number = control_for(cls, strength_name(cls), self)
        assert isinstance(number, SlidingNumber)  # every strength can be changed while training
        param = strength_param(cls)
        number.setAccessibleName(param.label)
        number.setToolTip("\n".join(line for line in (param.label, param.formula, param.doc) if line))
        number.box.setMaximumWidth(_BOX)
        number.edited.connect(self._choose_strength)
        return number

    @property
    def noise(self) -> Noise:
        """What is shown."""
        return self._noises[self._kind]

    @property
    def hindrances(self) -> dict[str, str]:
        """Why some kinds cannot be chosen for the data, by kind."""
        return self._hindrances

    def show_noise(self, noise: Noise) -> None:
        """Shows a noise; Gaussian instead of one that the data do not allow."""
        self._noises[noise.kind] = noise
        self._kind = "gaussian" if noise.kind in self._hindrances else noise.kind
        self._show()

    def choose_strength(self, value: float) -> None:
        """As if the slider had been put there."""
        scale = self.strengths[self._kind].scale
        self._choose_strength(scale.value(scale.position(value)))

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Takes away the kinds that its samples cannot be corrupted by."""
        self._ends = None if dataset is None else (dataset.low, dataset.high)
        found = {k: hindrance(n, dataset) for k, n in self._noises.items()} if dataset is not None else {}
        self._hindrances = {kind: why for kind, why in found.items() if why}
        for index, (name, cls) in enumerate(KINDS.items()):
            enable_entry(self.kind, index, name not in self._hindrances)
            tip = self._hindrances.get(name, cls.__doc__ or "")
            self.kind.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)
        self.show_noise(self.noise)

    def set_trained(self, noise: Noise | None) -> None:
        """The noise of the run on screen, whose strength is marked."""
        self._trained = noise
        self._show()

    def _show(self) -> None:
        noise, number = self.noise, self.strengths[self._kind]
        self.kind.show_value(self._kind)
        self.stack.setCurrentWidget(number)
        number.show_value(strength(noise))
        self.clip.setVisible(can_clip(noise))
        self.clip.show_value(getattr(noise, "clip", True))
        idle = never_beyond(noise, self._ends)
        self.clip.setEnabled(not idle)
        self.clip.setToolTip(idle or _CLIP)
        same = self._trained is not None and self._trained.kind == self._kind
        self.mark.show_value(number, strength(self._trained) if same and self._trained else None)

    @Slot(object)
    def _choose(self, kind: str) -> None:
        self._kind = kind
        self._tell()

    @Slot(object)
    def _choose_strength(self, value: float) -> None:
        param = strength_param(self.noise)
        low, high = param.low or 0.0, param.high if param.high is not None else value
        self._noises[self._kind] = with_strength(self.noise, min(max(float(value), low), high))
        self._tell()

    @Slot(object)
    def _choose_clip(self, on: bool) -> None:
        if can_clip(self.noise):
            self._noises[self._kind] = self.noise.model_copy(update={"clip": on})
        self._tell()

    def _tell(self) -> None:
        self._show()
        self.changed.emit(self.noise)


def never_beyond(noise: Noise, ends: tuple[float, float] | None) -> str:
    """Why there is nothing to clip of a noise on data between two ends; empty where there may be."""
    match noise:
        case SaltPepper():
            return "Nothing to clip: this noise puts features at the ends of the data's range, not beyond."
        case Masking() if ends is not None and ends[0] <= 0 <= ends[1]:
            return "Nothing to clip: this noise sets features to 0, which lies inside the data's range."
    return ""


class Mark(QWidget):
    """A small triangle beneath a slider, with a word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number: SlidingNumber | None = None
        self.value: float | None = None
        self.setFont(smaller(smaller(self.font())))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(60, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(30, self.fontMetrics().height())

    def show_value(self, number: SlidingNumber, value: float | None) -> None:
        """Marks a value of that slider; None marks nothing."""
        self._number, self.value = number, value
        self.setToolTip("" if value is None else f"The network was trained with {value:g}")
        self.update()

    @property
    def place(self) -> float:
        """Pixels from the left to the mark."""
        number = self._number
        if number is None or self.value is None:
            return 0.0
        left = number.slider.mapTo(number, number.slider.rect().topLeft()).x()
        return left + number.slider.place_of(number.scale.position(self.value))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.value is None:
            return
        painter, x = QPainter(self), self.place
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = tone(self.palette(), "quiet")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([QPointF(x, 1), QPointF(x - 4, 8), QPointF(x + 4, 8)]))
        painter.setPen(colour)
        wide = self.fontMetrics().horizontalAdvance("trained") + 2
        left = x + 7 if x + 7 + wide <= self.width() else x - 7 - wide
        painter.drawText(QRectF(left, 0, wide, self.height()), int(Qt.AlignmentFlag.AlignVCenter), "trained")
