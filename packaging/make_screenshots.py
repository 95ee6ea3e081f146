"""Takes the README's pictures of the real window: ``xvfb-run -a python packaging/make_screenshots.py``.

With names, those pictures alone. Each is of a run that was trained for it, in a window that was worked
like any other. All of them take a few minutes on two cores.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from aegui.__main__ import main as call
from aegui.qt.app import make_application, make_window
from aegui.qt.session import State
from aegui.qt.settings import Settings
from aegui.qt.views.anomalies import AnomaliesView
from aegui.qt.views.compare import CompareView
from aegui.qt.views.denoising import DenoisingView
from aegui.qt.views.draw import DrawView
from aegui.qt.views.features import FeaturesView
from aegui.qt.views.inside.view import InsideView
from aegui.qt.views.reduction import ReductionView
from aegui.qt.window import Window
from aegui.spec import replace_all
from aegui.spec.presets import preset

_FOLDER = Path(__file__).parent.parent / "resources" / "screenshots"
_LENGTH, _SHOWN = 10, 4.4  # passes that the run of the first picture is to have, and after which it is shown
_SETTLED = 1.5  # seconds in which curves, marks and the time left come to rest
_LIMIT = 200.0  # seconds, far beyond what anything here takes
_LEFT = Qt.MouseButton.LeftButton
# The strokes of a 5, as shares of its box, which is about as large as in MNIST.
_BOX = 0.68  # of the pad's side
_STROKES: tuple[tuple[tuple[float, float], ...], ...] = (
    (
        *((0.33, 0.04), (0.28, 0.24), (0.22, 0.44), (0.39, 0.38), (0.57, 0.38), (0.71, 0.48)),
        *((0.77, 0.64), (0.69, 0.82), (0.53, 0.96), (0.34, 1.0), (0.15, 0.94)),
    ),
    ((0.33, 0.04), (0.53, 0.04), (0.73, 0.02), (0.88, 0.0)),
)


@dataclass(frozen=True)
class Picture:
    """What to train, and what to do in the window then."""

    preset: str
    show: Callable[[Window], None]
    changes: dict[str, object] = field(default_factory=dict)
    whole: bool = True  # trained to its end


def main(names: list[str]) -> None:
    _FOLDER.mkdir(parents=True, exist_ok=True)
    make_application()
    for name in names or _PICTURES:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["AEGUI_RUNS"] = os.environ["AEGUI_STATE"] = folder
            take(name, Settings(Path(folder) / "settings.json"))


def take(name: str, settings: Settings) -> None:
    """Trains, shows and keeps one picture."""
    picture = _PICTURES[name]
    settings.theme = "dark" if name.endswith("-dark") else "light"
    window = make_window(replace_all(preset(picture.preset).experiment, picture.changes), None, settings)
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(1280, 720)
    window.show()
    wait(lambda: not window.loading.busy and window.session.can_start)
    window.session.toggle()
    if picture.whole:
        wait(lambda: window.session.state is State.FINISHED and window.messages.current is not None)
        QTest.mouseClick(window.messages.close_button, _LEFT)  # it has told where the run was written
    picture.show(window)
    keep(window, _FOLDER / f"{name}.png")
    if window.session.running:
        window.session.toggle()
        wait(lambda: window.session.state is State.PAUSED)
    window.close()


def keep(widget: QWidget, path: Path) -> None:
    """A PNG of at most 256 colours, a third as large."""
    shot = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGBX8888)
    image = Image.frombuffer("RGBX", (shot.width(), shot.height()), bytes(shot.constBits())).convert("RGB")
    image.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size} bytes", flush=True)


def show_training(window: Window) -> None:
    """In the middle of a pass, while it trains."""

    def far_enough() -> bool:
        snapshot = window.session.snapshot
        if snapshot is None or snapshot.experiment.training.epochs != _LENGTH:  # nothing yet, or the example
            return False
        return snapshot.step >= _SHOWN * snapshot.steps_per_epoch

    wait(far_enough)


def show_reduction(window: Window) -> None:
    """The run beside a sweep over other sizes."""
    view = window.workspaces.show_workspace("reduction")
    assert isinstance(view, ReductionView)
    wait(lambda: view.known is not None and view.pictures.grid.sheet is not None)
    view.bar.sizes.setText("2, 4, 8, 16, 32")
    QTest.mouseClick(view.bar.start, _LEFT)
    wait(lambda: len(view.swept) == 5 and view.bar.start.isVisible())
    rest()


def show_denoising(window: Window) -> None:
    """A noise that is stronger than that of the training."""
    view = window.workspaces.show_workspace("denoising")
    assert isinstance(view, DenoisingView)
    wait(lambda: view.grid.sheet is not None)
    view.noise.choose_strength(0.7)
    wait(view.errors.line.isVisible)
    wait(lambda: not view.errors.line.isVisible())
    rest()


def show_anomalies(window: Window) -> None:
    """The most anomalous sample."""
    view = window.workspaces.show_workspace("anomalies")
    assert isinstance(view, AnomaliesView)
    tests = window.session.dataset
    assert tests is not None
    wait(lambda: view.errors is not None and len(view.errors.rows) == len(tests.test))
    most = view.samples.most
    QTest.mouseClick(most, _LEFT, pos=most.cell(0).center().toPoint())
    wait(lambda: view.samples.error is not None)
    rest()


def show_features(window: Window) -> None:
    """The accuracies measured, and the first unit."""
    view = window.workspaces.show_workspace("features")
    assert isinstance(view, FeaturesView)
    wait(lambda: view.judging.current and not view.line.isVisible())
    rest()


def show_inside(window: Window) -> None:
    """A test sample on its way through every layer."""
    view = window.workspaces.show_workspace("inside")
    assert isinstance(view, InsideView)
    QTest.mouseClick(view.tools[1], _LEFT)
    wait(lambda: bool(view.activations.story.stops))
    rest()


def show_drawing(window: Window) -> None:
    """A digit, drawn by the mouse."""
    view = window.workspaces.show_workspace("draw")
    assert isinstance(view, DrawView)
    wait(lambda: view.pad.isVisible() and len(view.pad.values) > 0)
    rest(0.5)
    pad = view.pad
    side = round(_BOX * min(pad.width(), pad.height()))
    corner = pad.rect().center() - QPoint(side // 2, side // 2)
    for stroke in _STROKES:
        places = [corner + QPoint(round(x * side), round(y * side)) for x, y in stroke]
        QTest.mousePress(pad, _LEFT, pos=places[0])
        for start, end in pairwise(places):
            for share in np.linspace(0, 1, 8):
                QTest.mouseMove(pad, start + (end - start) * float(share))
        QTest.mouseRelease(pad, _LEFT, pos=places[-1])
    wait(lambda: view.made.sheet is not None and view.near.drawings is not None)
    rest()


def show_runs(window: Window, sizes: tuple[int, ...] = (4, 16)) -> None:
    """The run of the window beside others that the command line has trained."""
    for size in sizes:
        title = f"title=Code of {size}"
        call(["train", "undercomplete-digits", "--set", title, "--set", f"code.size={size}", "--json"])
    view = window.workspaces.show_workspace("compare")
    assert isinstance(view, CompareView)
    QTest.mouseClick(view.refresh, _LEFT)
    wait(lambda: view.rows.rowCount() == len(sizes) + 1)
    for row in range(view.rows.rowCount()):
        place = view.table.visualRect(view.rows.index(row, 0)).center()
        QTest.mouseClick(view.table.viewport(), _LEFT, Qt.KeyboardModifier.ControlModifier, place)
    wait(lambda: len(view.curves.lines) == len(sizes) + 1)
    rest()


def rest(seconds: float = _SETTLED) -> None:
    """Lets the window come to rest."""
    end = time.monotonic() + seconds
    wait(lambda: time.monotonic() > end)


def wait(condition: Callable[[], bool]) -> None:
    """Runs the event loop until something is so."""
    loop, timer, end = QEventLoop(), QTimer(interval=20), time.monotonic() + _LIMIT

    def look() -> None:
        if condition():
            loop.quit()
        elif time.monotonic() > end:
            loop.exit(1)

    timer.timeout.connect(look)
    timer.start()
    if loop.exec():
        raise TimeoutError("the window does not come to what is to be shown")


_training = partial(Picture, "denoising", show_training, {"training.epochs": _LENGTH}, False)
_PICTURES = {
    "window-light": _training(),
    "window-dark": _training(),
    "reduction": Picture("undercomplete", show_reduction, {"training.epochs": 5}),
    "denoising": Picture("denoising", show_denoising, {"training.epochs": 10}),
    "anomalies": Picture("anomaly-signals", show_anomalies),
    "features": Picture("deep-fashion", show_features),
    "inside": Picture("convolutional", show_inside, {"training.epochs": 4}),
    "draw": Picture("deep", show_drawing, {"training.epochs": 10, "code.size": 16}),
    "runs": Picture("undercomplete-digits", show_runs, {"title": "Code of 2"}),
}

if __name__ == "__main__":
    main(sys.argv[1:])
