"""How data of one's own come into the window: by menu, by a drop, or from the data panel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from aegui.errors import AeguiError
from aegui.qt.choosing import when_chosen
from aegui.qt.helping import open_dialog
from aegui.qt.importing.recent import forget_source, recent_sources, remember_source
from aegui.qt.loading import Loaded
from aegui.qt.messages import Message
from aegui.qt.sharing import is_package
from aegui.qt.sources import title_of_source
from aegui.spec import Data, Source, normal_changes, plain

if TYPE_CHECKING:
    from aegui.qt.importing.dialog import ImportDialog
    from aegui.qt.panels.data import DataPanel
    from aegui.qt.window import Window

_FILTER = "Data (*.csv *.tsv *.txt *.npy *.npz *.idx *.gz *ubyte);;All files (*)"
_BESIDE = ("labels", "test", "test_labels")  # files of a source that move with it


class Opening(QObject):
    """Asks for data, shows them in the dialog, and puts what was chosen into the document."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: ImportDialog | None = None

    def connect_to(self, panel: DataPanel) -> None:
        """Does what the data panel asks for, and tells it what there is."""
        loading, downloading = self._window.loading, self._window.downloading
        loading.busy_changed.connect(panel.show_busy)
        loading.ended.connect(panel.show_loaded)
        loading.ended.connect(self._tell_loaded)
        # Queued: the list that was clicked has to be closed before a dialog opens.
        panel.sources.open_asked.connect(self.ask_file, Qt.ConnectionType.QueuedConnection)
        notes = panel.source
        notes.change_asked.connect(self.change)
        notes.find_asked.connect(self.find)
        notes.download_asked.connect(downloading.start)
        notes.cancel_asked.connect(downloading.cancel)
        downloading.absent_changed.connect(panel.sources.mark_absent)
        downloading.absent_changed.connect(notes.mark_absent)
        downloading.active_changed.connect(notes.show_active)
        downloading.active_changed.connect(self._begin_download)
        downloading.progressed.connect(notes.show_progress)
        downloading.fetched.connect(self._use_fetched)
        downloading.failed.connect(self._tell_not_fetched)
        self._offer_recent()

    def ask_file(self) -> None:
        """Asks for a file of data."""
        when_chosen(self._ask("Open data", folder=False), self._open)

    def ask_folder(self) -> None:
        """Asks for a folder of pictures."""
        when_chosen(self._ask("Open a folder of pictures", folder=True), self._open)

    def open(self, path: Path) -> None:
        """Shows what a file or folder is."""
        self._shown().open_path(path)

    @Slot()
    def change(self) -> None:
        """Shows the data of the document, to read them in another way."""
        source = self._window.document.experiment.data.source
        if not isinstance(source, str):
            self._shown().open_source(source)

    @Slot()
    def find(self) -> None:
        """Asks where the data of the document are now."""
        source = self._window.document.experiment.data.source
        if not isinstance(source, str):
            dialog = self._ask(f"Find {title_of_source(source)}", folder=source.kind == "images")
            when_chosen(dialog, lambda chosen: self._move(source, chosen))

    def take_dropped(self, urls: Sequence[QUrl]) -> None:
        """What was dropped on the window: an experiment file, a package, or data."""
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if len(paths) != 1 or len(urls) != 1:
            text = (
                "Drop one file or folder of this machine; for several pictures, the folder that they are in."
            )
            self._window.messages.say(Message("notice", text, "drop"))
            return
        self._window.messages.withdraw("drop")
        if paths[0].suffix.lower() == ".toml" or is_package(paths[0]):
            self._window.files.unless_kept(lambda: self._window.files.open(paths[0]))
        else:
            self.open(paths[0])

    @Slot(object)
    def _tell_loaded(self, loaded: Loaded) -> None:
        """What came of loading the document's data."""
        source = self._window.document.experiment.data.source
        messages = self._window.messages
        if loaded.obstacle == "missing" and not isinstance(source, str):
            text = self._window.sharing.about_missing(source.path)
            text = text or f"{source.path} is not here; the experiment needs it."
            messages.say(Message("error", text, "data", "Find…", self.find))
            forget_source(self._window.settings, source)
        elif loaded.obstacle == "unfetched" and isinstance(source, str):
            start = self._window.downloading.start
            text = "These data are not on this machine yet; they have to be downloaded once."
            messages.say(Message("notice", text, "data", "Download", lambda: start(source)))
        elif loaded.dataset is not None and not isinstance(source, str):
            remember_source(self._window.settings, source)
        self._offer_recent()

    def _offer_recent(self) -> None:
        """Puts the sources that were used before into the data panel."""
        self._window.data_panel.sources.offer_recent(recent_sources(self._window.settings))

    @Slot(str)
    def _begin_download(self, name: str) -> None:
        """What was said about data that are on their way is over; the data panel shows how far they are."""
        if name:
            self._window.messages.withdraw("download")
            self._window.messages.withdraw("data")

    @Slot(str)
    def _use_fetched(self, name: str) -> None:
        """Data that were waited for are loaded."""
        if self._window.document.experiment.data.source == name:
            self._window.loading.load()

    @Slot(str, object, str)
    def _tell_not_fetched(self, name: str, error: Exception, _trace: str) -> None:
        if not isinstance(error, AeguiError):
            raise error
        self._window.tell_error(error, "download", "Try again", lambda: self._window.downloading.start(name))

    def _ask(self, title: str, folder: bool) -> QFileDialog:
        dialog = QFileDialog(self.dialog or self._window, title, self._folder(), "" if folder else _FILTER)
        mode = QFileDialog.FileMode
        dialog.setFileMode(mode.Directory if folder else mode.ExistingFile)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def _folder(self) -> str:
        """Where one was last."""
        source = self._window.document.experiment.data.source
        used = (source, *recent_sources(self._window.settings))
        return next((str(PurePath(s.path).parent) for s in used if not isinstance(s, str)), "")

    @Slot(str)
    def _open(self, chosen: str) -> None:
        self.open(Path(chosen))

    def _shown(self) -> ImportDialog:
        """The dialog, which is there once at most."""
        if self.dialog is None:
            from aegui.qt.importing.dialog import ImportDialog  # with its readers, which the start can spare

            self.dialog = ImportDialog(self._window.document.experiment.data, self._window)
            self.dialog.chosen.connect(self._use)
            self.dialog.other_asked.connect(self._ask_other)
            self.dialog.finished.connect(self._forget)
            open_dialog(self.dialog, self._window)
        return self.dialog

    @Slot()
    def _ask_other(self) -> None:
        source = self.dialog.source if self.dialog is not None else None
        if source is not None and source.kind == "images":
            self.ask_folder()
        else:
            self.ask_file()

    @Slot()
    def _forget(self) -> None:
        self.dialog = None

    @Slot(object)
    def _use(self, data: Data) -> None:
        """The data as one step of undo; labels of other data go with them."""
        assert not isinstance(data.source, str)
        changes: dict[str, object] = {"data.source": data.source, "data.scaling": data.scaling}
        if not self._has_same_labels(data.source):
            changes |= {"data.classes": (), **normal_changes(data, ())}
        self._window.document.edit_all(changes, text=f"open {title_of_source(data.source)}")

    def _has_same_labels(self, source: Source) -> bool:
        before = self._window.document.experiment.data.source
        parts = ("kind", "path", "label", "labels", "test_labels", "array")
        return not isinstance(before, str) and all(
            getattr(before, part, None) == getattr(source, part, None) for part in parts
        )

    def _move(self, source: Source, place: str) -> None:
        self._window.document.edit("data.source", plain(moved(source, place)))


def moved(source: Source, place: str) -> Source:
    """The source at another place, with the files that stood beside it."""
    old, new = PurePath(source.path).parent, PurePath(place).parent
    beside = {
        name: str(new / PurePath(path).name)
        for name in _BESIDE
        if (path := getattr(source, name, "")) and PurePath(path).parent == old
    }
    return source.model_copy(update={"path": place, **beside})


def accepts(event: QDragEnterEvent | QDropEvent) -> bool:
    """Whether what is dragged are files."""
    return event.mimeData().hasUrls()
