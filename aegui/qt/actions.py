"""Every action of the window as a table; menus and toolbar are lists of its ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from aegui.qt.facts import copy_facts
from aegui.qt.helping import show_about, show_keys, show_manual, show_news
from aegui.qt.journal import show_log
from aegui.qt.workspaces import WORKSPACES

if TYPE_CHECKING:
    from aegui.qt.window import Window


@dataclass(frozen=True)
class Spec:
    """One action: what it is called, which key it has, what it does and when it may."""

    id: str
    text: str
    tip: str
    run: Callable[[Window], object]
    shortcut: str = ""
    icon: str = ""
    enabled: Callable[[Window], bool] = lambda _window: True


def _can_train(window: Window) -> bool:
    return window.session.can_start and not window.session.running and not window.loading.busy


def _can_toggle(window: Window) -> bool:
    return window.session.running or _can_train(window)


def _can_replay(window: Window) -> bool:
    return len(window.replay.steps) > 1


def _workspace_actions() -> tuple[Spec, ...]:
    """A key for each tab of the centre."""
    tabs = [("Training", "Loss and pictures while the network learns")]
    tabs += [(workspace.title, workspace.tip) for workspace in WORKSPACES]
    return tuple(
        Spec(
            f"workspace{number}",
            f"&{number} {title}",
            tip,
            lambda w, place=number - 1: w.workspaces.setCurrentIndex(place),  # type: ignore[misc]
            f"Ctrl+{number}",
        )
        for number, (title, tip) in enumerate(tabs, 1)
    )


ACTIONS = (
    *_workspace_actions(),
    Spec("new", "&New", "Start over with the undercomplete autoencoder", lambda w: w.files.new(), "Ctrl+N"),
    Spec(
        "preset",
        "New from &preset…",
        "Choose an experiment that is made for a data set, or a mistake to learn from",
        lambda w: w.files.ask_preset(),
        "Ctrl+Shift+N",
    ),
    Spec(
        "open",
        "&Open…",
        "Open an experiment file, or what somebody has packed",
        lambda w: w.files.ask_open(),
        "Ctrl+O",
    ),
    Spec(
        "open_data",
        "Open &data…",
        "Open a file of your own: a table (CSV, TSV), a NumPy array or an IDX file",
        lambda w: w.opening.ask_file(),
        "Ctrl+Shift+O",
    ),
    Spec(
        "open_folder",
        "Open data fo&lder…",
        "Open a folder of pictures, with a sub-folder for each class or none",
        lambda w: w.opening.ask_folder(),
    ),
    Spec("save", "&Save", "Save the experiment", lambda w: w.files.save(), "Ctrl+S"),
    Spec("save_as", "Save &as…", "Save as another file", lambda w: w.files.ask_save(), "Ctrl+Shift+S"),
    Spec(
        "save_run",
        "Save &run to…",
        "Write weights, history, metrics and figures of the run to a folder",
        lambda w: w.files.ask_save_run(),
        "Ctrl+E",
        enabled=lambda w: w.session.has_run,
    ),
    Spec(
        "share",
        "S&hare…",
        "Pack the run or the experiment into one file, to be opened on another machine",
        lambda w: w.sharing.ask(),
    ),
    Spec(
        "export_figure",
        "&Export figure…",
        "Save the view that has the focus as PNG, SVG or PDF, drawn for paper",
        lambda w: w.exporting.ask(),
        "Ctrl+Shift+E",
        enabled=lambda w: w.session.snapshot is not None,
    ),
    Spec(
        "copy_figure",
        "&Copy figure",
        "Put the view that has the focus on the clipboard, drawn for paper",
        lambda w: w.exporting.copy(),
        "Ctrl+Shift+C",
        enabled=lambda w: w.session.snapshot is not None,
    ),
    Spec(
        "open_run",
        "Open r&un…",
        "Take up a run that was written before: look at it, replay it, go on with it",
        lambda w: w.files.ask_open_run(),
        "Ctrl+U",
    ),
    Spec("runs", "Open runs &folder", "Show where runs are kept", lambda w: w.files.show_runs()),
    Spec(
        "recover",
        "Reco&ver…",
        "Restore what a window held that did not come to be closed",
        lambda w: w.recovery.ask(),
        enabled=lambda w: bool(w.recovery.left),
    ),
    Spec("quit", "&Quit", "Close the window; a run is saved first", lambda w: w.close(), "Ctrl+Q"),
    Spec(
        "undo",
        "&Undo",
        "Take back the last change of the experiment",
        lambda w: w.document.undo_stack.undo(),
        "Ctrl+Z",
        "undo",
        lambda w: w.document.undo_stack.canUndo(),
    ),
    Spec(
        "redo",
        "&Redo",
        "Do the change again",
        lambda w: w.document.undo_stack.redo(),
        "Ctrl+Shift+Z",
        "redo",
        lambda w: w.document.undo_stack.canRedo(),
    ),
    Spec("play", "&Play", "Train, or pause", lambda w: w.session.toggle(), "Space", "play", _can_toggle),
    Spec("step", "One &step", "Train on one batch", lambda w: w.session.step(), "S", "step", _can_train),
    Spec(
        "epoch",
        "One &epoch",
        "Train to the end of the epoch",
        lambda w: w.session.epoch(),
        "E",
        "epoch",
        _can_train,
    ),
    Spec(
        "reset",
        "&Reset",
        "Start again from the same initial weights, with the settings on screen",
        lambda w: w.session.reset(),
        "R",
        "reset",
        lambda w: w.session.can_start and not w.loading.busy,
    ),
    Spec(
        "seed",
        "New see&d",
        "Draw another seed: other initial weights, other order, other noise",
        lambda w: w.new_seed(),
        "N",
        "seed",
        lambda w: w.session.can_start and not w.loading.busy,
    ),
    Spec(
        "replay",
        "Repla&y",
        "Play the run again from its first step, or hold",
        lambda w: w.replay.toggle(),
        "P",
        enabled=_can_replay,
    ),
    Spec(
        "replay_back",
        "Moment &back",
        "Show the moment of the run before the one on screen",
        lambda w: w.replay.step_by(-1),
        "Ctrl+Left",
        enabled=_can_replay,
    ),
    Spec(
        "replay_on",
        "Moment &forward",
        "Show the next moment of the run",
        lambda w: w.replay.step_by(1),
        "Ctrl+Right",
        enabled=_can_replay,
    ),
    Spec(
        "present",
        "Prese&nt",
        "Show the newest moment of the run again",
        lambda w: w.replay.to_present(),
        "Ctrl+End",
        enabled=lambda w: w.session.replaying,
    ),
    Spec(
        "network",
        "&Network drawing",
        "Open a large drawing of the network, for a projector",
        lambda w: w.architecture.enlarge(),
        "F8",
    ),
    Spec("larger", "Lar&ger text", "Make all text larger", lambda w: w.appearance.resize_text(1), "Ctrl++"),
    Spec(
        "smaller", "S&maller text", "Make all text smaller", lambda w: w.appearance.resize_text(-1), "Ctrl+-"
    ),
    Spec("layout", "Reset &layout", "Put every panel back where it was", lambda w: w.arrangement.reset()),
    Spec("full", "&Full screen", "Fill the screen, for a projector", lambda w: w.toggle_full_screen(), "F11"),
    Spec("manual", "&Manual", "Read about what has the focus, and about everything else", show_manual, "F1"),
    Spec("keys", "&Keyboard shortcuts", "List every key", show_keys, "Ctrl+F1"),
    Spec("news", "What is &new", "Read what changed from version to version", show_news),
    Spec("log", "Show &log", "Open the folder of the log: what aegui did, and what went wrong", show_log),
    Spec(
        "facts",
        "Copy &facts for a report",
        "Put version, system, libraries and screens on the clipboard, for somebody who mends a fault",
        copy_facts,
    ),
    Spec("about", "&About aegui", "Versions, libraries and data, with their licences", show_about),
)

SEPARATOR = "-"
TOOLBAR = ("play", "step", "epoch", "reset", "seed")
_OPENING = ("new", "preset", "open", "recent", "open_run", "recover", SEPARATOR, "open_data", "open_folder")
_RUNS = ("save_run", "share", "runs")
_FIGURES = ("export_figure", "copy_figure", "figures", SEPARATOR, "quit")
_LOOK = ("theme", "text", "larger", "smaller")
_TABS = tuple(spec.id for spec in _workspace_actions())
MENUS = (
    ("&File", (*_OPENING, SEPARATOR, "save", "save_as", SEPARATOR, *_RUNS, SEPARATOR, *_FIGURES)),
    ("&Edit", ("undo", "redo")),
    ("&Run", (*TOOLBAR, SEPARATOR, "replay", "replay_back", "replay_on", "present")),
    ("&View", (*_TABS, SEPARATOR, "panels", "network", SEPARATOR, *_LOOK, SEPARATOR, "layout", "full")),
    ("&Help", ("manual", "keys", "news", SEPARATOR, "log", "facts", SEPARATOR, "about")),
)


class Actions:
    """The actions of one window by id."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.by_id = {spec.id: self._make(spec) for spec in ACTIONS}
        self.refresh()

    def __getitem__(self, name: str) -> QAction:
        return self.by_id[name]

    def refresh(self) -> None:
        """Enables what may be done now."""
        for spec in ACTIONS:
            self.by_id[spec.id].setEnabled(spec.enabled(self._window))

    def yield_letters(self, typing: bool) -> None:
        """Keys of a single letter are typed where something has the focus that takes letters."""
        for spec in ACTIONS:
            if len(spec.shortcut) == 1:
                self.by_id[spec.id].setShortcut(QKeySequence("" if typing else spec.shortcut))

    def yield_space(self, pressing: bool) -> None:
        """The space bar presses what has the focus, or plays."""
        for spec in ACTIONS:
            if spec.shortcut == "Space":
                self.by_id[spec.id].setShortcut(QKeySequence("" if pressing else spec.shortcut))

    def fill(self, menu: QMenu, ids: tuple[str, ...], submenus: dict[str, QMenu]) -> None:
        """Puts actions, separators and submenus into a menu."""
        for name in ids:
            if name == SEPARATOR:
                menu.addSeparator()
            elif name in submenus:
                menu.addMenu(submenus[name])
            else:
                menu.addAction(self.by_id[name])

    def _make(self, spec: Spec) -> QAction:
        action = QAction(spec.text, self._window)
        keys = QKeySequence(spec.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{spec.tip} ({keys})" if keys else spec.tip)
        action.setStatusTip(spec.tip)
        if spec.shortcut:
            action.setShortcut(QKeySequence(spec.shortcut))
        action.triggered.connect(lambda: spec.run(self._window))
        self._window.addAction(action)
        return action
