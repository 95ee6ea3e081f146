"""The main window: owns the docks, the toolbar and the views, and ties their signals together."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QMenu,
    QSplitter,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from aegui.data.dataset import Dataset
from aegui.errors import AeguiError
from aegui.qt import closing
from aegui.qt.actions import ACTIONS, MENUS, TOOLBAR, Actions
from aegui.qt.animation import Animation
from aegui.qt.answers import Decoded
from aegui.qt.appearance import Appearance
from aegui.qt.arrangement import Arrangement
from aegui.qt.autosave import Autosave
from aegui.qt.dock import Dock
from aegui.qt.document import Document
from aegui.qt.downloading import Downloading
from aegui.qt.example import Example
from aegui.qt.exporting import Exporting
from aegui.qt.files import Files
from aegui.qt.focus import FocusKeys
from aegui.qt.icons import icon
from aegui.qt.importing.opening import Opening, accepts
from aegui.qt.later import later, once_painted
from aegui.qt.loading import Loading
from aegui.qt.messages import Message, Messages
from aegui.qt.notices import Notices
from aegui.qt.panels.architecture import ArchitecturePanel
from aegui.qt.panels.data import DataPanel
from aegui.qt.panels.objective import ObjectivePanel
from aegui.qt.panels.reveal import reveal
from aegui.qt.panels.training import TrainingPanel
from aegui.qt.progress import Progress
from aegui.qt.recovery import Recovery
from aegui.qt.replay import ReplayBar
from aegui.qt.session import Session
from aegui.qt.settings import Settings
from aegui.qt.sharing import Sharing
from aegui.qt.theme import Colours, Theme
from aegui.qt.titles import shown_title
from aegui.qt.views.latent import LatentView
from aegui.qt.views.loss import LossView
from aegui.qt.views.pictures import PicturesView
from aegui.qt.views.view import View
from aegui.qt.widgets.column import Column
from aegui.qt.workspaces import Workspaces
from aegui.spec.presets import types
from aegui.training.snapshot import Snapshot, Wishes

_SEEDS = 1_000_000
_LONG = 1000  # ms from the first painting in which most data are loaded


class Window(QMainWindow):
    """One experiment, one run."""

    def __init__(self, document: Document, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self.document: Document = document
        self.theme: Theme = theme
        self.settings: Settings = settings
        document.setParent(self)
        self.session: Session = Session(document, self)
        self.loading: Loading = Loading(document, self)
        self.downloading: Downloading = Downloading(self)
        self.autosave: Autosave = Autosave(self)
        self.recovery: Recovery = Recovery(self)
        self.files: Files = Files(self)
        self.opening: Opening = Opening(self)
        self.appearance: Appearance = Appearance(self)
        self.closed = False
        self._replaying = False  # what the actions know of it
        self._play_shown: tuple[bool, Colours] | None = None  # how the action Play looks
        self._build()
        self.exporting: Exporting = Exporting(self)
        self.sharing: Sharing = Sharing(self)
        self.actions_ = Actions(self)
        self._build_menus()
        self._connect()
        self.notices = Notices(self)
        self._restyle()
        self._show_title()
        self._show_objective()
        self.arrangement: Arrangement = Arrangement(self)
        self.arrangement.restore()
        self.setAcceptDrops(True)
        self.loading.hold()
        self.loading.load()
        once_painted(self, self._prepare)

    def _prepare(self) -> None:
        """What takes long, and would keep the window from being seen; the data first, since Play waits."""
        self.loading.busy_changed.connect(self.session.prepare, Qt.ConnectionType.SingleShotConnection)
        later(self, self.session.prepare, _LONG)  # of data that take long themselves
        self.loading.release()
        self.downloading.look()

    def _build(self) -> None:
        self._build_panels()  # first, since Tab walks through widgets in the order in which they were made
        self.loss, self.pictures = LossView(self.theme, self), PicturesView(self.theme, self)
        self.latent = LatentView(self.theme, self)
        self.messages = Messages(self.theme, self)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.addWidget(self.loss)
        self.splitter.addWidget(self.pictures)
        self.workspaces: Workspaces = Workspaces(self, self.splitter)
        self.replay: ReplayBar = ReplayBar(self)
        centre = QWidget(self)
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.messages)
        layout.addWidget(self.workspaces, 1)
        layout.addWidget(self.replay)
        self.setCentralWidget(centre)
        self.latent_dock = self._dock("Latent space", self.latent, Qt.DockWidgetArea.RightDockWidgetArea)
        self.progress = Progress(self)
        self.toolbar = QToolBar("Run", self)
        self.toolbar.setObjectName("toolbar")
        self.toolbar.setMovable(False)
        self.toolbar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toolbar.setIconSize(QSize(16, 16))
        self.addToolBar(self.toolbar)

    def _build_panels(self) -> None:
        self.data_panel = DataPanel(self.document)
        self.architecture: ArchitecturePanel = ArchitecturePanel(self.document)
        self.panels = (
            self.data_panel,
            self.architecture,
            ObjectivePanel(self.document, types()),
            TrainingPanel(self.document),
        )
        column = Column(self)
        for panel in self.panels:
            column.add(panel)
        self.experiment_dock = self._dock("Experiment", column, Qt.DockWidgetArea.LeftDockWidgetArea)

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = Dock(title, self)
        dock.setObjectName(title)
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        return dock

    def _build_menus(self) -> None:
        submenus = {
            "recent": self.files.recent_menu,
            "panels": self._panels_menu(),
            "theme": self.appearance.theme_menu,
            "text": self.appearance.text_menu,
            "figures": self.exporting.menu,
        }
        for title, ids in MENUS:
            self.actions_.fill(self.menuBar().addMenu(title), ids, submenus)
        for name in TOOLBAR:
            self.toolbar.addAction(self.actions_[name])
        self.toolbar.addSeparator()
        self.toolbar.addWidget(self.progress)

    def _panels_menu(self) -> QMenu:
        menu = QMenu("&Panels", self)
        menu.addAction(self.experiment_dock.toggleViewAction())
        menu.addAction(self.latent_dock.toggleViewAction())
        self.view_actions: list[QAction] = []
        for title, view in (("Loss", self.loss), ("Pictures", self.pictures)):
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(True)
            action.toggled.connect(view.setVisible)
            action.toggled.connect(self._wish)
            self.view_actions.append(action)
        return menu

    @property
    def views(self) -> tuple[View, ...]:
        """Everything that shows a snapshot."""
        return (self.loss, self.pictures, self.latent, *self.workspaces.views)

    def _connect(self) -> None:
        self.theme.changed.connect(self._restyle)
        self.document.dataset_changed.connect(self._show_dataset)
        self.document.plan_changed.connect(self._refresh)
        self.document.changed.connect(self._show_title)
        self.document.changed.connect(self._show_objective)
        self.loss.formula.picked.connect(self._reveal)
        self.document.file_changed.connect(self._show_title)
        self.document.undo_stack.indexChanged.connect(self._refresh)
        self.loading.busy_changed.connect(self._refresh)
        self.opening.connect_to(self.data_panel)
        session = self.session
        session.snapshot_taken.connect(self._show_snapshot)
        session.state_changed.connect(self._show_state)
        session.started.connect(self._begin)
        session.decoded.connect(self._show_decoded)
        self.latent.decode_asked.connect(session.decode)
        self.latent.picked.connect(self.pictures.pick)
        for view in self.views:
            view.wishes_changed.connect(self._wish)
        self.latent_dock.visibilityChanged.connect(self._wish)
        self.workspaces.made.connect(self._take_workspace)
        self.workspaces.changed.connect(self._wish)
        self.replay.wanted.connect(session.replay)
        self.animation = Animation(self)  # after the views have taken a snapshot, which it then grabs
        self.replay.export_asked.connect(self.animation.ask)
        session.pca_found.connect(self._give_pca)
        self._focus_keys = FocusKeys(self.actions_, self)

    def show_example(self, example: Example) -> None:
        """Fills the views with the trained example."""
        self.session.show_example(example)
        self._feed(example.snapshot, now=True)

    def new_seed(self) -> None:
        """Another seed, and a run that stands at its first step with it."""
        seed = secrets.randbelow(_SEEDS)
        self.document.edit("seed", seed)
        if self.loading.busy:
            self.session.reset_when_loaded()
        else:
            self.session.reset()

    def toggle_full_screen(self) -> None:
        """Full screen and back."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def tell_failure(self, error: Exception, key: str) -> None:
        """What has ended work beside the window: the user's in the message strip; raises a bug as it is."""
        if not isinstance(error, AeguiError):
            raise error
        self.tell_error(error, key)

    def tell_error(
        self, error: AeguiError, key: str, action: str = "", run: Callable[[], object] | None = None
    ) -> None:
        """A failed operation in the message strip."""
        self.messages.say(Message("error", "; ".join(error.lines), key, action, run))

    def _feed(self, snapshot: Snapshot | None, now: bool) -> None:
        for view in self.views:
            view.feed(snapshot, now=now)
        self._show_place(snapshot)

    def _show_place(self, snapshot: Snapshot | None) -> None:
        """Where the run is, and what of it can be replayed."""
        self.progress.show_snapshot(snapshot, self.session.state)
        before = len(self.replay.steps) > 1, self._replaying
        self.replay.show_snapshot(snapshot, self.session.running)
        self._replaying = self.session.replaying
        if before != (len(self.replay.steps) > 1, self._replaying):
            self.actions_.refresh()

    @Slot(object, bool)
    def _show_snapshot(self, snapshot: Snapshot, now: bool) -> None:
        self._feed(snapshot, now)

    @Slot(object)
    def _show_dataset(self, dataset: Dataset | None) -> None:
        shown = self.session.snapshot
        self.session.data_arrived(dataset)
        if not self.session.has_run:
            if shown is not None and self.session.snapshot is None:
                self._feed(None, now=True)
            self._give_dataset(dataset)
        self._refresh()

    def _give_dataset(self, dataset: Dataset | None) -> None:
        """The views show the data of the run, which may be others than the panel's."""
        for view in self.views:
            self._give_to(view, dataset)
        self._wish()

    def _give_to(self, view: View, dataset: Dataset | None) -> None:
        if view.dataset is not dataset:
            if view.dataset is not None:
                view.feed(None, now=True)  # what it shows is of the data before
            view.set_pca(self.session.pca_of(dataset))
            view.set_dataset(dataset)

    @Slot()
    def _give_pca(self) -> None:
        for view in self.views:
            pca = self.session.pca_of(view.dataset)
            if pca is not view.pca:
                view.set_pca(pca)

    @Slot(object)
    def _take_workspace(self, view: View) -> None:
        """One that has just been made is told what the others know."""
        plan = self.document.plan
        view.set_possible(plan is None or not plan.problems)
        self._give_to(view, self.loss.dataset)
        view.feed(self.loss.snapshot, now=True)
        view.wishes_changed.connect(self._wish)

    @Slot()
    def _begin(self) -> None:
        if self.session.dataset is not None:
            self._give_dataset(self.session.dataset)
        self._show_state()

    @Slot()
    def _wish(self) -> None:
        wanted = Wishes(codes=False)
        for view in self.views:
            if view.isVisible():
                wanted |= view.wishes()
        self.session.wish(wanted)

    @Slot()
    def _show_state(self) -> None:
        self._show_play()
        self._show_place(None if self.session.starting else self.session.snapshot)
        self.actions_.refresh()

    def _show_play(self) -> None:
        running = self.session.running
        play, colours = self.actions_["play"], self.theme.colours
        if self._play_shown == (running, colours):
            return
        self._play_shown = running, colours
        play.setText("&Pause" if running else "&Play")
        play.setIcon(icon("pause" if running else "play", colours.accent, colours.line))

    @Slot()
    def _refresh(self) -> None:
        plan = self.document.plan
        for view in self.views:
            view.set_possible(plan is None or not plan.problems)
        self._show_play()
        self.actions_.refresh()

    def focusNextPrevChild(self, next: bool) -> bool:
        self._focus_keys.tabbing = True
        moved = super().focusNextPrevChild(next)
        self._focus_keys.tabbing = False
        return moved

    @Slot()
    def _restyle(self) -> None:
        colours = self.theme.colours
        for spec in ACTIONS:
            if spec.icon:
                self.actions_[spec.id].setIcon(icon(spec.icon, colours.text, colours.line))
        self._play_shown = None
        self._show_play()
        play = self.toolbar.widgetForAction(self.actions_["play"])
        play.setMinimumWidth(play.fontMetrics().horizontalAdvance("Pause") + 34)

    @Slot()
    def _show_title(self) -> None:
        document = self.document
        name = document.path.name if document.path else "not saved yet"
        self.setWindowTitle(f"{shown_title(document.experiment)} ({name})[*] – aegui")
        self.setWindowModified(document.modified)

    @Slot()
    def _show_objective(self) -> None:
        self.loss.show_experiment(self.document.experiment)

    @Slot(str, str)
    def _reveal(self, path: str, choice: str) -> None:
        """Leads to the control of a term of the formula, or to where it is switched on."""
        self.experiment_dock.show()
        reveal(self.panels, path, choice)

    @Slot(object)
    def _show_decoded(self, decoded: Decoded) -> None:
        self.latent.show_decoded(decoded.codes, decoded.features)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if accepts(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        urls = event.mimeData().urls()
        later(self, lambda: self.opening.take_dropped(urls))  # the other program waits

    def closeEvent(self, event: QCloseEvent) -> None:
        if not closing.may_close(self):
            event.ignore()
            return
        closing.end(self)
        self.closed = True
        event.accept()
