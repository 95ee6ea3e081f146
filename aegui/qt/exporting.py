"""Views as figures: saved as PNG, SVG or PDF, or put on the clipboard. matplotlib draws them in a thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from aegui.data.dataset import Dataset
from aegui.errors import InvalidInput
from aegui.qt.background import Background
from aegui.qt.choosing import when_chosen
from aegui.qt.messages import Message
from aegui.qt.views.paper import Paper
from aegui.qt.views.view import View
from aegui.training.snapshot import Snapshot
from aegui.writing import write_atomic

if TYPE_CHECKING:  # brings matplotlib
    from aegui.qt.window import Window
    from aegui.runs.figure_file import Format

_KEY = "figure"  # of its messages
_FILTERS = {"png": "PNG picture (*.png)", "svg": "SVG drawing (*.svg)", "pdf": "PDF document (*.pdf)"}
_CLIPBOARD = 200  # dots per inch: what a slide or a text needs
_NOTHING = "there is nothing drawn that can be a figure"


@dataclass(frozen=True, eq=False)
class Shot:
    """A view at one moment. Knows no Qt."""

    paper: Paper
    snapshot: Snapshot | None  # None where it is not about the run on screen
    dataset: Dataset | None


class Exporting(QObject):
    """Which views there are to export, and the files that are made of them."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._background = Background(self)
        self.menu = QMenu("Fi&gures", window)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._fill)
        for view in window.views:
            self._offer(view)
        window.workspaces.made.connect(self._offer)

    @property
    def on_screen(self) -> dict[str, View]:
        """The views that can be seen, by what they are called."""
        window = self._window
        named: dict[str, View] = {"Loss": window.loss, "Test samples": window.pictures}
        for view in window.workspaces.views:
            if view.isVisible():
                named[window.workspaces.title] = view
        named["Latent space"] = window.latent
        return {name: view for name, view in named.items() if view.isVisible()}

    @property
    def current(self) -> str:
        """What the focus is in, or else what is in the middle of the window."""
        focus = QApplication.focusWidget()
        shown = self.on_screen
        inside = (name for name, view in shown.items() if focus is not None and view.isAncestorOf(focus))
        return next(inside, next(iter(shown), ""))

    def ask(self, name: str = "") -> None:
        """Asks for a file for a view, the current one unless it is named."""
        shot = self._shoot(name or self.current)
        if shot is None:
            return
        dialog = QFileDialog(self._window, f"Export {name or self.current}", "", ";;".join(_FILTERS.values()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(chosen.split(".")[1][:-1]))
        dialog.selectFile(f"{shot.paper.name}.png")
        when_chosen(dialog, lambda chosen: self.save(shot, Path(chosen)))
        dialog.open()

    def save(self, shot: Shot, path: Path) -> None:
        """Draws and writes a figure; the suffix says which kind of file it is, and another one is told."""
        self._window.messages.withdraw(_KEY)
        try:
            kind = kind_of(path)
        except InvalidInput as error:
            self._window.tell_error(error, _KEY)
            return
        self._background.run(
            lambda: write_atomic(path, drawn(shot, kind)), lambda _: self._tell(path), self._fail
        )

    def copy(self, name: str = "") -> None:
        """Draws a view and puts it on the clipboard as a picture."""
        name = name or self.current
        shot = self._shoot(name)
        if shot is not None:
            self._background.run(
                lambda: drawn(shot, "png", _CLIPBOARD), lambda png: self._take(name, png), self._fail
            )

    def wait(self) -> None:
        """Returns when every figure is drawn."""
        self._background.wait()

    def _shoot(self, name: str) -> Shot | None:
        """A view as it is now; says so if there is nothing in it."""
        view = self.on_screen.get(name)
        shot = shot_of(view) if view is not None else None
        if shot is None:
            self._window.messages.say(Message("note", f"{name}: {_NOTHING}", _KEY))
        return shot

    @Slot(object)
    def _offer(self, view: View) -> None:
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(lambda place: self._show_menu(view, place))

    def _show_menu(self, view: View, place: QPoint) -> None:
        name = next((name for name, shown in self.on_screen.items() if shown is view), None)
        if name is None:
            return
        menu = QMenu(view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add(menu, name, view, "Save figure…", "Copy figure")
        menu.popup(view.mapToGlobal(place))

    @Slot()
    def _fill(self) -> None:
        """What can be exported now: other tabs have other views."""
        self.menu.clear()
        for name, view in self.on_screen.items():
            self._add(self.menu, name, view, f"{name}…", f"Copy {name}")
            self.menu.addSeparator()

    def _add(self, menu: QMenu, name: str, view: View, save: str, copy: str) -> None:
        possible = shot_of(view) is not None
        for text, run in ((save, self.ask), (copy, self.copy)):
            action = menu.addAction(text)
            action.setEnabled(possible)
            action.setToolTip(
                "Drawn anew for paper, as PNG, SVG or PDF" if possible else f"{name}: {_NOTHING}"
            )
            action.triggered.connect(lambda _=False, run=run: run(name))

    def _tell(self, path: Path) -> None:
        folder = QUrl.fromLocalFile(str(path.parent))
        action = ("Open folder", lambda: QDesktopServices.openUrl(folder))
        self._window.messages.say(Message("note", f"Figure written to {path}", _KEY, *action))

    def _take(self, name: str, png: bytes) -> None:
        image = QImage.fromData(png)
        QGuiApplication.clipboard().setImage(image)
        size: QSize = image.size()
        text = f"{name} is on the clipboard, a picture of {size.width():,}×{size.height():,} pixels"
        self._window.messages.say(Message("note", text, _KEY))

    def _fail(self, error: Exception, _trace: str) -> None:
        self._window.tell_failure(error, _KEY)


def shot_of(view: View) -> Shot | None:
    """What a view shows at this moment; None where it has nothing to draw."""
    paper, snapshot, dataset = view.on_paper(), view.snapshot, view.dataset
    if paper is not None and paper.about:
        return Shot(paper, None, None)
    if paper is None or snapshot is None or dataset is None:
        return None
    return Shot(paper, snapshot, dataset)


def kind_of(path: Path) -> Format:
    """The kind of a file by its suffix. Raises InvalidInput for others than PNG, SVG and PDF."""
    for kind in _FILTERS:
        if path.suffix.lower() == f".{kind}":
            return kind  # type: ignore[return-value]
    raise InvalidInput(f"{path}: must end in .png, .svg or .pdf")


def drawn(shot: Shot, kind: Format, dpi: int | None = None) -> bytes:
    """The file of a figure, with the facts of the run at the moment that it shows."""
    from aegui.runs.figure_file import DPI, Facts, facts, figure_bytes

    paper = shot.paper
    if shot.snapshot is None or shot.dataset is None:
        about = Facts(paper.title, paper.about, (), "")
    else:
        about = facts(paper.title, shot.snapshot, shot.dataset)
    return figure_bytes(paper.draw(), kind, about, dpi or DPI)
