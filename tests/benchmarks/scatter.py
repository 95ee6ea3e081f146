"""Frames per second of zooming and panning the latent view with many points.

    QT_QPA_PLATFORM=offscreen taskset -c 0,1 python -m tests.benchmarks.scatter [--points 1000000]

The real view at the size that it has in the window, moved by wheel and by mouse, painted by software. Each
frame is one movement until it is on screen; the goal is 20 of them a second or better at a million points.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from aegui.data.dataset import Affine, Dataset, Split
from aegui.qt.app import make_application
from aegui.qt.theme import Theme
from aegui.qt.views.latent import LatentView
from aegui.spec import Experiment, replace_all
from aegui.training.snapshot import Codes, Curves, Snapshot

_WARM, _FRAMES = 5, 60
_PAUSE = 0.011  # seconds: pyqtgraph takes no more than a hundred moves of the mouse a second


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--size", default="384x520", help="of the view in pixels")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    wide, high = (int(v) for v in arguments.size.split("x"))
    result = measure(arguments.points, wide, high)
    if arguments.json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name:<18} {value:>12,.1f}")


def measure(points: int, wide: int, high: int) -> dict[str, float]:
    """Frames per second of both movements, and milliseconds of a hover and of a whole redraw."""
    application = make_application()
    view = LatentView(Theme("light"))
    view.resize(wide, high)
    view.show()
    view.set_dataset(_dataset(points))
    started = time.perf_counter()
    view.feed(_snapshot(points), now=True)
    application.processEvents()
    first = time.perf_counter() - started
    zoom, zoomed = _rate(view, _zooms(view))
    pan, panned = _rate(view, _pans(view))
    return {
        "points": float(points),
        "first drawing ms": 1000 * first,
        "zoom frames/s": zoom,
        "zoom points": zoomed,
        "pan frames/s": pan,
        "pan points": panned,
        "hover ms": 1000 * _hover(view),
    }


def _dataset(points: int) -> Dataset:
    random = np.random.default_rng(0)
    stored = random.integers(0, 255, (points, 4), dtype=np.uint8)
    split = Split(stored, random.integers(0, 10, points))
    scaling = Affine("unit", np.zeros((), np.float32), np.full((), 1 / 255, np.float32))
    classes = tuple("0123456789")
    return Dataset("many", "Many points", (2, 2), split, split, scaling, 0.0, 1.0, classes)


def _snapshot(points: int) -> Snapshot:
    """Ten clouds of codes that lie partly over each other."""
    labels = np.random.default_rng(0).integers(0, 10, points)
    random = np.random.default_rng(1)
    centres = random.standard_normal((10, 2)) * 3
    codes = (centres[labels] + random.standard_normal((points, 2))).astype(np.float32)
    none = np.zeros((0, 1), np.float32)
    curves = Curves(("mse",), none, np.zeros(0, np.int64), none, np.zeros(0, np.int64), none)
    experiment = replace_all(Experiment(), {"code.size": 2})
    return Snapshot(experiment, 1, 0, 10, curves, Codes(codes, 1), None)


def _rate(view: LatentView, frames: Iterator[None]) -> tuple[float, float]:
    """Frames per second, and points that a frame was made of; medians."""
    taken, points = [], []
    for _ in range(_WARM + _FRAMES):
        started = time.perf_counter()
        next(frames)
        view.canvas.viewport().repaint()
        QApplication.processEvents()
        taken.append(time.perf_counter() - started)
        points.append(view.canvas.points_drawn)
        time.sleep(_PAUSE)
    return 1 / float(np.median(taken[_WARM:])), float(np.median(points[_WARM:]))


def _zooms(view: LatentView) -> Iterator[None]:
    """In and out again about the middle."""
    port = view.canvas.viewport()
    while True:
        for turn in (*[120] * 10, *[-120] * 10):
            place = QPointF(port.rect().center())
            event = QWheelEvent(
                place,
                QPointF(port.mapToGlobal(place)),
                QPoint(),
                QPoint(0, turn),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(port, event)
            yield


def _pans(view: LatentView) -> Iterator[None]:
    """To and fro about the middle, with the middle button, which never means anything else."""
    port = view.canvas.viewport()
    middle = port.rect().center()
    _mouse(view, QEvent.Type.MouseButtonPress, middle, Qt.MouseButton.MiddleButton)
    number = 0
    while True:
        number += 1
        offset = QPoint(round(60 * np.sin(number / 5)), round(60 * np.cos(number / 5)))
        _mouse(view, QEvent.Type.MouseMove, middle + offset, Qt.MouseButton.NoButton)
        yield


def _mouse(view: LatentView, kind: QEvent.Type, place: QPoint, button: Qt.MouseButton) -> None:
    port = view.canvas.viewport()
    event = QMouseEvent(
        kind,
        QPointF(place),
        QPointF(port.mapToGlobal(place)),
        button,
        Qt.MouseButton.MiddleButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(port, event)


def _hover(view: LatentView) -> float:
    """Seconds to find the point nearest to the pointer, the median of some places."""
    wide, high = view.canvas.size_in_pixels
    taken = []
    for x, y in np.random.default_rng(2).random((30, 2)):
        started = time.perf_counter()
        view.canvas.hovered.emit(QPointF(x * wide, y * high))
        taken.append(time.perf_counter() - started)
    return float(np.median(taken))


if __name__ == "__main__":
    main()
