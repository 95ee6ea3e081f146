"""What can go wrong, as one tree.

    AeguiError
    ├── InvalidInput            the user gave something that cannot be used (exit status 2)
    │   └── InvalidExperiment   an experiment with problems, all of them at once
    └── OperationFailed         something that was asked for did not work out (exit status 1)
        ├── Diverged            the numbers of a run are no longer finite
        ├── OutOfMemory         a run needs more memory than there is
        └── DeviceLost          a graphics card or its driver has failed under a run

A message names the thing, its limit and its value, and says what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an experiment.

    ``path`` is dotted as in the experiment file (``noise.sigma``,
    ``architecture.encoder[0].units``), or empty for the file as a whole.
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


def printable(text: str) -> str:
    """Text in one line, with what cannot be seen written as in a file: a terminal takes some for commands."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class AeguiError(Exception):
    """The root: a message for the user, in one or more lines, each a sentence."""

    exit_status = 1

    @property
    def lines(self) -> tuple[str, ...]:
        return (str(self),)


class InvalidInput(AeguiError):
    """A file, an option or a value that cannot be used."""

    exit_status = 2


class InvalidExperiment(InvalidInput):
    """An experiment with problems; ``problems`` holds every one."""

    def __init__(self, problems: Iterable[Problem], source: str = "") -> None:
        self.problems = tuple(problems)
        self.source = source
        super().__init__("; ".join(str(p) for p in self.problems))

    @property
    def lines(self) -> tuple[str, ...]:
        prefix = f"{self.source}: " if self.source else ""
        return tuple(f"{prefix}{p}" for p in self.problems)


class OperationFailed(AeguiError):
    """Something that was asked for did not work out: a folder, a device, a run."""


class Diverged(OperationFailed):
    """The numbers of a run are no longer finite; the run keeps its last good weights."""

    def __init__(self, message: str, *, path: str, step: int) -> None:
        self.path = path
        self.step = step
        super().__init__(message)


class OutOfMemory(OperationFailed):
    """A run needs more memory than there is; ``paths``: the settings to lower."""

    def __init__(self, message: str, *, paths: tuple[str, ...]) -> None:
        self.paths = paths
        super().__init__(message)


class DeviceLost(OperationFailed):
    """The device of a run has failed; the run goes on from ``step`` on the processor, None if it cannot."""

    def __init__(self, message: str, *, step: int | None) -> None:
        self.step = step
        super().__init__(message)
