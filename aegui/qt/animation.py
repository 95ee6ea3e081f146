"""The replay as a moving picture: every kept moment of a view, as GIF or APNG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QProgressDialog, QWidget

from aegui.errors import AeguiError, InvalidInput
from aegui.qt.background import Background
from aegui.qt.choosing import when_chosen
from aegui.qt.messages import Message
from aegui.qt.widgets.pixels import pixels_of
from aegui.training.snapshot import Ints, Snapshot
from aegui.writing import write_atomic

if TYPE_CHECKING:
    from aegui.qt.window import Window

Frame = NDArray[np.uint8]  # (H, W, 3)

MOST = 120  # moments of an animation: more make files that nobody wants to send
_LAST = 1500  # milliseconds that the last moment stays
_FILTER = "GIF (*.gif);;Animated PNG (*.png *.apng)"


class Animation(QObject):
    """Walks through the moments of a run, grabs what a widget shows of each, and writes the file."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._background = Background(self)
        self._widget: QWidget | None = None
        self._path = Path()
        self._left: list[int] = []
        self._frames: list[Frame] = []
        self._progress: QProgressDialog | None = None
        window.session.snapshot_taken.connect(self._take)

    @property
    def busy(self) -> bool:
        """Whether moments are being gone through."""
        return self._widget is not None

    def ask(self) -> None:
        """Asks for a file, and writes what the middle of the window shows."""
        title = self._window.workspaces.title
        dialog = QFileDialog(self._window, f"Animate {title}", "", _FILTER)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("gif")
        dialog.selectFile(f"{title.lower()}.gif")
        when_chosen(dialog, lambda chosen: self.start(Path(chosen)))
        dialog.open()

    def start(self, path: Path) -> None:
        """Begins with the first moment. A file of another kind than GIF or APNG is told."""
        steps = chosen_steps(self._window.replay.steps)
        try:
            kind_of(path)
        except AeguiError as error:
            self._window.tell_error(error, "animation")
            return
        if self.busy or len(steps) < 2:
            return
        self._path, self._frames, self._left = path, [], steps
        self._widget = self._window.workspaces.currentWidget()
        self._progress = QProgressDialog("Going through the moments of the run …", "Cancel", 0, len(steps))
        self._progress.setParent(self._window, Qt.WindowType.Dialog)
        self._progress.setWindowTitle("Animate")
        self._progress.setWindowModality(Qt.WindowModality.WindowModal)
        self._progress.setMinimumDuration(0)
        self._progress.canceled.connect(self._cancel)
        self._progress.show()
        self._window.session.replay(self._left[0])

    def wait(self) -> None:
        """Returns when no file is being written any more."""
        self._background.wait()

    @Slot(object, bool)
    def _take(self, snapshot: Snapshot | None, _now: bool) -> None:
        if self._widget is None:
            return
        if snapshot is None or (not snapshot.replayed and self._window.session.running):
            self._cancel()  # there is another run
        elif snapshot.replayed and not snapshot.hurried and [snapshot.step] == self._left[:1]:
            self._frames.append(pixels_of(self._widget.grab().toImage()))
            del self._left[0]
            self._go_on()

    def _go_on(self) -> None:
        if self._progress is not None:
            self._progress.setValue(len(self._frames))
        if self._left:
            self._window.session.replay(self._left[0])
            return
        path, frames, rate = self._path, self._frames, self._window.replay.rate
        self._end()
        self._background.run(
            lambda: write_animation(path, frames, rate), lambda _: self._tell(path), self._fail
        )

    @Slot()
    def _cancel(self) -> None:
        if self.busy:
            self._end()

    def _end(self) -> None:
        progress, self._progress, self._widget = self._progress, None, None
        self._frames, self._left = [], []
        if progress is not None:
            progress.canceled.disconnect(self._cancel)
            progress.close()
            progress.deleteLater()
        self._window.replay.to_present()

    def _tell(self, path: Path) -> None:
        self._window.messages.say(Message("note", f"Written: {path}", "animation"))

    def _fail(self, error: Exception, _trace: str) -> None:
        self._window.tell_failure(error, "animation")


def chosen_steps(steps: Ints) -> list[int]:
    """All kept moments, or as many of them as an animation may have, evenly spaced."""
    if len(steps) <= MOST:
        return [int(step) for step in steps]
    places = np.linspace(0, len(steps) - 1, MOST).round().astype(int)
    return [int(steps[place]) for place in places]


def kind_of(path: Path) -> str:
    """Pillow's name for the format of a file. Raises InvalidInput for other suffixes."""
    kinds = {".gif": "GIF", ".png": "PNG", ".apng": "PNG"}
    if path.suffix.lower() not in kinds:
        raise InvalidInput(f"{path}: must end in .gif, .png or .apng")
    return kinds[path.suffix.lower()]


def write_animation(path: Path, frames: Sequence[Frame], rate: int) -> None:
    """Writes moments as one file, ``rate`` a second, over and over. Raises OperationFailed."""
    from PIL import Image

    size = min((f.shape for f in frames), key=lambda shape: shape[0] * shape[1])
    times = [round(1000 / rate)] * (len(frames) - 1) + [_LAST]
    out = io.BytesIO()
    kind = kind_of(path)
    images = []
    for (
        frame
    ) in frames:  # one after another: all of them at once in Pillow's four bytes a pixel take a gigabyte
        image = Image.fromarray(frame[: size[0], : size[1]])
        images.append(image.quantize(256, dither=Image.Dither.NONE) if kind == "GIF" else image)
    images[0].save(out, kind, save_all=True, append_images=images[1:], duration=times, loop=0)
    write_atomic(path, out.getvalue())
