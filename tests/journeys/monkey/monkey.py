"""A user without a plan, who does by mouse and keys whatever can be done there and then.

The ``n``-th action draws its chance from seed and ``n`` alone, so that a failure can be had again
by starting shortly before it.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from random import Random

from dialogs import Dialogs
from hands import Hands
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDockWidget,
    QMenu,
    QMessageBox,
    QWidget,
)
from shiboken6 import isValid
from things import Things
from watch import Watch

from aegui.qt.actions import ACTIONS
from aegui.qt.tasks import Task
from aegui.qt.window import Window
from aegui.spec import replace_all
from aegui.spec.presets import preset

_NOT = ("quit", "runs")  # ends everything; leaves the program
_WORK = (  # what buttons of the views say that begin or end something longer
    *("Sweep", "Measure", "Renew", "Refresh", "Decode", "Draw anew", "Reshuffle"),
    *("Export codes…", "Save…", "Animate…", "Enlarge", "Open", "Use for training", "Lasso", "Formula"),
    *("Cancel", "Stop"),
)
_MANY = 300  # training samples: with more the monkey would mostly wait
_LARGE = 60_000  # parameters, likewise
SMALL = replace_all(
    preset("undercomplete-digits").experiment,
    {"data.train": 120, "data.test": 40, "training.batch": 32, "training.epochs": 200},
)
_PATIENCE = 25  # ms in a loop within an action, until what it asks is answered
_SENT: deque[object] = deque(maxlen=300)  # Qt's own events must not come to lie where these were


class Monkey:
    """Acts on one window. ``log`` has what it did last."""

    def __init__(self, window: Window, watch: Watch, things: Things, seed: int, log: Path) -> None:
        self.window, self.watch, self.things, self.seed = window, watch, things, seed
        self.log: deque[str] = deque(maxlen=40)
        self.number = 0
        self._file = log.open("w", encoding="utf-8", buffering=1)
        self._hands = Hands()
        self._dialogs = Dialogs(self._hands, things, self._waits)
        self._until = math.inf  # when what goes on has to be over, by the clock
        self._timer = QTimer(window, singleShot=True, interval=_PATIENCE)  # which may fire while it is at it
        self._timer.timeout.connect(self._answer)
        self._timer.start()

    def acts(self, number: int) -> None:
        """The action with this number."""
        self.number = number
        rng = self._hands.rng = Random(f"{self.seed}:{number}")
        self._dialogs.asked = Random(f"{self.seed}:{number}:asked")
        popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if popup is not None:
            self._does(lambda: self._dialogs.uses_popup(popup))
        elif modal is not None:
            self._does(lambda: self._dialogs.uses(modal))
        else:
            actions = self._actions()
            (action,) = rng.choices(list(actions), list(actions.values()))
            self._does(action)
        self._waits(rng.choice((0, 0, 0, 1, 10, 40)))
        self._does(self._keeps_small, quiet=True)

    def looks_around(self) -> None:
        """Whether all is well."""
        self._note(f"counts {self.watch.check()}")
        self._complains()

    def rests(self) -> None:
        """Ends all that goes on, puts everything back where it was, and looks what has become more."""
        self._dismisses()
        for other in QApplication.topLevelWidgets():
            if other.isVisible() and other is not self.window and not isinstance(other, QDockWidget):
                other.close()
        for task in self.window.findChildren(Task):
            task.cancel()
        self._until = 0.0
        self.window.session.settle()
        self.window.session.recording.wait()
        self.window.exporting.wait()
        self.window.document.new(SMALL)
        self.window.actions_["layout"].trigger()
        for place in [*range(1, self.window.workspaces.count()), 0]:
            self.window.workspaces.setCurrentIndex(place)
            QTest.qWait(100)
        self._until = math.inf
        QTest.qWait(300)
        kinds = self.watch.check_rest()
        self._note(f"rests with {kinds.total()} objects")
        self._complains()

    def closes(self) -> None:
        """Dismisses what is open, and closes the window without saving."""
        self._dismisses()
        self.window.document.undo_stack.setClean()
        self._until = 0.0
        self.window.close()
        self._until = math.inf
        self.watch.check_end()
        self.window.deleteLater()
        self.watch.check_gone()
        self._complains()

    def end(self) -> None:
        """Puts away what is not the window's."""
        if isValid(self._timer):
            self._timer.stop()
            self._timer.timeout.disconnect()
        self._file.close()
        self.watch.end()

    def _dismisses(self) -> None:
        """Dialogs and menus, and what they ask when they are closed."""
        self._until = 0.0
        for _ in range(50):
            open_ = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if open_ is None:
                break
            open_.close()
            QTest.qWait(10)
        self._until = math.inf

    def _actions(self) -> dict[Callable[[], str], int]:
        """What may be done, and how often."""
        window = self.window
        return {
            self._triggers: 14,
            lambda: self._plays("play"): 5,
            lambda: self._plays(self._hands.rng.choice(("step", "epoch", "reset", "seed"))): 5,
            lambda: self._plays(self._hands.rng.choice(("undo", "undo", "redo"))): 6,
            lambda: self._hands.presses(window, f"Ctrl+{self._hands.rng.randint(1, 8)}"): 4,
            self._edits: 26,
            lambda: self._hands.uses_any(window.latent): 10,
            lambda: self._hands.uses_any(window.workspaces): 26,
            lambda: self._hands.uses_any(window.replay): 5,
            self._works: 6,
            self._storms: 1,
            lambda: self._hands.uses_any(window): 8,
            lambda: self._hands.presses_any(window): 6,
            self._clicks_anywhere: 4,
            self._uses_another_window: 4,
            self._resizes: 2,
            self._moves_panels: 3,
            self._opens_a_menu: 3,
            self._drops: 2,
            lambda: self._waits(self._hands.rng.choice((50, 100, 200, 400))): 3,
        }

    def _does(self, action: Callable[[], str], quiet: bool = False) -> None:
        if not quiet:
            self._note("…")  # in the file already if the action ends the process
        self._until = 0.0
        done = action()
        self._until = math.inf
        if done:
            self._note(done)
        self._complains()

    def _complains(self) -> None:
        self.watch.check_experiment()
        if self.watch.faults:
            raise AssertionError("\n".join([*self.log, *self.watch.faults]))

    def _note(self, words: str) -> None:
        line = f"{self.seed}:{self.number} {words}"
        print(line, file=self._file)
        if words != "…":
            self.log.append(line)

    def _triggers(self) -> str:
        """An action of the menus, by its keys if it has any."""
        possible = [s for s in ACTIONS if s.id not in _NOT and self.window.actions_[s.id].isEnabled()]
        spec = self._hands.rng.choice(possible)
        if spec.shortcut and self._hands.rng.random() < 0.7:
            return f"{spec.id}: {self._hands.presses(self.window, spec.shortcut)}"
        self.window.actions_[spec.id].trigger()
        return f"triggers {spec.id}"

    def _plays(self, name: str) -> str:
        button = self.window.toolbar.widgetForAction(self.window.actions_[name])
        if button is not None and self._hands.rng.random() < 0.5:
            return self._hands.clicks_middle(button)
        self.window.actions_[name].trigger()
        return f"triggers {name}"

    def _edits(self) -> str:
        """A control of the panels, brought into sight as scrolling would."""
        rng, dock = self._hands.rng, self.window.experiment_dock
        column = dock.widget()
        if not dock.isVisible():
            dock.toggleViewAction().trigger()
            return "opens the panels again"
        panel = rng.choice(self.window.panels)
        inside = [w for w in panel.findChildren(QWidget) if w.isVisible() and w.isEnabled()]
        inside = [w for w in inside if w.focusPolicy() != Qt.FocusPolicy.NoFocus]
        if not inside:
            return "finds no control in the panel"
        control = rng.choice(inside)
        column.ensureWidgetVisible(control)
        QApplication.processEvents()
        return self._hands.uses(control)

    def _clicks_anywhere(self) -> str:
        rng, size = self._hands.rng, self.window.size()
        place = QPoint(rng.randrange(size.width()), rng.randrange(size.height()))
        over = self.window.childAt(place)
        if isinstance(over, QAbstractButton) and "ownload" in over.text() + over.accessibleName():
            return "lets a button be"
        return self._hands.clicks_at(self.window, place)

    def _uses_another_window(self) -> str:
        """A large drawing of the network, a panel that floats: whatever lies beside the main window."""
        others = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not self.window]
        if not others:
            return "finds no other window"
        other = self._hands.rng.choice(others)
        if self._hands.rng.random() < 0.25:
            other.close()
            return f"closes {type(other).__name__}"
        return self._hands.uses_any(other)

    def _resizes(self) -> str:
        rng = self._hands.rng
        size = rng.choice(((1280, 720), (1920, 1080), (rng.randint(500, 2000), rng.randint(400, 1200))))
        self.window.resize(*size)
        return f"resizes to {size[0]}×{size[1]}"

    def _moves_panels(self) -> str:
        """Closes, opens, floats or moves a panel."""
        rng, window = self._hands.rng, self.window
        dock: QDockWidget = rng.choice((window.experiment_dock, window.latent_dock))
        what = rng.choice(("toggle", "toggle", "float", "move", "view", "theme"))
        match what:
            case "toggle":
                dock.toggleViewAction().trigger()
            case "float":
                dock.setFloating(not dock.isFloating())
            case "move":
                areas = Qt.DockWidgetArea
                window.addDockWidget(rng.choice((areas.LeftDockWidgetArea, areas.RightDockWidgetArea)), dock)
            case "view":
                rng.choice(window.view_actions).trigger()
            case "theme":
                rng.choice(self._themes()).trigger()
                return "changes the theme"
        return f"{what}s {dock.objectName()}"

    def _themes(self) -> list[QAction]:
        menus = self.window.findChildren(QMenu)
        return next(menu.actions() for menu in menus if menu.title() == "&Theme")

    def _works(self) -> str:
        """Begins a sweep, a measurement, an export, or gives it up."""
        buttons = [
            b
            for b in self.window.findChildren(QAbstractButton)
            if b.text() in _WORK and b.isVisible() and b.isEnabled() and not b.visibleRegion().isEmpty()
        ]
        return self._hands.uses(self._hands.rng.choice(buttons)) if buttons else "finds no work to begin"

    def _storms(self) -> str:
        """Undo and redo, faster than anything follows."""
        rng, count = self._hands.rng, 0
        for _ in range(rng.randint(2, 6)):
            keys, times = rng.choice(("Ctrl+Z", "Ctrl+Shift+Z")), rng.randint(1, 12)
            count += times
            for _ in range(times):
                self._hands.presses(self.window, keys)
        return f"undoes and redoes {count} times"

    def _opens_a_menu(self) -> str:
        bar = self.window.menuBar()
        entry = self._hands.rng.choice(bar.actions())
        self._hands.clicks_at(self.window, bar.mapTo(self.window, bar.actionGeometry(entry).center()))
        return f"opens the menu {entry.text()}"

    def _drops(self) -> str:
        """Lets a file fall onto the window, as a file manager does."""
        path, data = self.things.to_drop(self._hands.rng), QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        where, copy, left = self.window.rect().center(), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        none = Qt.KeyboardModifier.NoModifier
        events = (
            QDragEnterEvent(where, copy, data, left, none),
            QDropEvent(QPointF(where), copy, data, left, none),
        )
        _SENT.extend((data, *events))
        for event in events:
            QApplication.sendEvent(self.window, event)
        return f"drops {path.name}"

    def _waits(self, milliseconds: int) -> str:
        self._until = time.monotonic() + milliseconds / 1000
        QTest.qWait(milliseconds)
        self._until = math.inf
        return f"waits {milliseconds} ms"

    def _keeps_small(self) -> str:
        """Many samples and large networks are given up again: they would only cost time."""
        document = self.window.document
        if QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None:
            return ""
        data, plan = document.experiment.data, document.plan
        if data.train is None or data.train > _MANY or data.test is None or data.test > _MANY:
            document.edit_all({"data.train": 120, "data.test": 40}, "keep it small")
            return "limits the samples"
        if plan is not None and plan.parameters > _LARGE:
            document.put(SMALL, "take a small network")
            return "takes a small network"
        return ""

    def _answer(self) -> None:
        """What an action asks before it returns is answered from within."""
        self._timer.start()
        if time.monotonic() < self._until + _PATIENCE / 1000:
            return
        popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if popup is not None:
            popup.close()
            self._note(f"closes {type(popup).__name__} within an action")
        elif isinstance(modal, QMessageBox):
            button = self._dialogs.asked.choice(modal.buttons())
            self._note(f"answers “{modal.text()}” by {button.text()}")
            button.click()
        elif modal is None and (handle := self.window.windowHandle()) is not None:
            QTest.mouseRelease(handle, Qt.MouseButton.LeftButton)  # of a text that is dragged
