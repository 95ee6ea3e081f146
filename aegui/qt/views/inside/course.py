"""Where in the five phases of an update one is. No Qt."""

from __future__ import annotations

from aegui.analysis.inside import SlowSeen

PHASES = ("corrupt", "encode", "decode", "compare", "update")
COMPARE, UPDATE = 3, 4


class Course:
    """Goes through one update after the other; the last phase of each does it."""

    def __init__(self) -> None:
        self.shown: SlowSeen | None = None
        self.phase = 0
        self._newest: SlowSeen | None = None

    @property
    def done(self) -> bool:
        """Whether the update on screen has been done."""
        shown, newest = self.shown, self._newest
        return (
            self.phase == UPDATE
            and shown is not None
            and newest is not None
            and newest.update.step > shown.update.step
        )

    @property
    def waiting(self) -> bool:
        """Whether the update on screen was asked for and is not done yet."""
        return self.phase == UPDATE and not self.done

    def forget(self) -> None:
        """Another run: nothing is known of its updates."""
        self.shown = self._newest = None
        self.phase = 0

    def take(self, newest: SlowSeen) -> None:
        """The next update as it is now. One whose last phase is on screen stays there."""
        before, done, self._newest = self.shown, self.done, newest
        if before is None:
            self.shown = newest
        elif self.phase < UPDATE:
            if newest.update.step != before.update.step:
                self.phase = 0
            self.shown = newest
        elif newest.update.step < before.update.step + done:  # another run, or an earlier moment
            self.shown, self.phase = newest, 0

    def back(self) -> None:
        """The phase before; what is done is done."""
        if self.phase and not self.done:
            self.phase -= 1

    def go_to(self, phase: int) -> None:
        """A phase of the update on screen that changes nothing."""
        if self.phase < UPDATE and phase < UPDATE:
            self.phase = phase

    def forth(self) -> bool:
        """The next phase. Returns whether it is the one for which the update has to be done."""
        if self.shown is None or self.waiting:
            return False
        if self.phase == UPDATE:
            self.shown, self.phase = self._newest, 0
            return False
        self.phase += 1
        return self.phase == UPDATE
