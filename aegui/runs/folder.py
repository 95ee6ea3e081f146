"""The folder of a run. Its files are replaced together, and nothing in it is ever unpickled."""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from aegui.data.dataset import Dataset
from aegui.errors import AeguiError, InvalidInput, OperationFailed
from aegui.machine import memory_bytes
from aegui.nets.autoencoder import Autoencoder
from aegui.plan import resolve
from aegui.runs.lock import Lock
from aegui.runs.names import CHECKPOINT, EXPERIMENT, FIGURES, FRAMES, METRICS, WEIGHTS, runs_folder
from aegui.runs.reading import has, read, read_experiment
from aegui.runs.state import State, state_of
from aegui.spec import Experiment, dumps
from aegui.training.checked import check_fit
from aegui.training.checkpoint import restore
from aegui.training.frames import Frames
from aegui.training.tensor_file import unpack_tensors
from aegui.training.trainer import Trainer
from aegui.writing import finish_writing, write_together


class RunFolder:
    """A run on disk. One process at a time may write to it: whoever has made or claimed it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock(path)
        self._writing = threading.Lock()  # a state may be kept while the one before is being described
        self._states = 0  # kept by this object

    @classmethod
    def create(cls, experiment: Experiment, out: Path | None = None) -> RunFolder:
        """A folder for a new run, claimed: ``out``, or a new one under the runs folder.

        Raises InvalidInput if it holds another run or is a file, OperationFailed if it
        cannot be made.
        """
        path = _new_path(experiment) if out is None else out
        if os.path.exists(path) and not path.is_dir():
            raise InvalidInput(f"{path}: must be a folder, is a file")
        folder = cls(path)
        try:
            folder.claim()
            if folder.exists():
                raise InvalidInput(
                    f"{path}: holds another run; continue it with --resume, or name another folder"
                )
            folder.write({EXPERIMENT: dumps(experiment).encode()})
        except AeguiError:
            folder.release()
            if out is None:  # or a full disk would fill with empty folders
                with contextlib.suppress(OSError):
                    path.rmdir()
            raise
        return folder

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """The folder of a run that was written before. Raises InvalidInput if there is none."""
        folder = cls(path)
        if not folder.exists():
            raise InvalidInput(f"{path}: is not the folder of a run: it has no {EXPERIMENT}")
        return folder

    def claim(self) -> RunFolder:
        """Keeps others from writing, and ends what a process that was killed has begun.

        Raises OperationFailed if somebody else writes to it, or if it cannot be written.
        """
        with self._writing:
            if not self._lock.take():
                raise OperationFailed(
                    f"{self.path}: another aegui writes to this run; close it there, or choose another folder"
                )
            try:
                finish_writing(self.path)
            except OSError as error:
                self.release()
                raise OperationFailed(f"{self.path}: cannot be written: {error.strerror or error}") from None
        return self

    def release(self) -> None:
        """Lets others write."""
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def exists(self) -> bool:
        """Whether there is a run in it."""
        return has(self.path, EXPERIMENT)

    @property
    def begun(self) -> bool:
        """Whether it came as far as its first checkpoint."""
        return has(self.path, CHECKPOINT)

    def experiment(self) -> Experiment:
        """What was run. Raises InvalidInput."""
        return read_experiment(self.path)

    def write(self, files: Mapping[str, bytes], of: int | None = None) -> None:
        """Replaces files of the run, all at once. Raises OperationFailed.

        Those ``of`` a state that was kept are of no use, and not written, once there is a later one.
        """
        with self._writing:
            if of is not None and not self.exists():
                raise OperationFailed(f"{self.path}: is gone, and the run with it; save the run again")
            if of is None or of == self._states:
                write_together(self.path, files)

    def keep(self, state: State) -> int:
        """Puts the run where it is now, and numbers that; what was measured of it before goes.

        Raises OperationFailed.
        """
        with self._writing:
            self._states += 1
            old = [name for name in (METRICS, FRAMES, *FIGURES) if name not in state and has(self.path, name)]
            write_together(self.path, state, old)
            return self._states

    def write_state(self, trainer: Trainer, frames: Frames | None = None, *, lasting: bool = True) -> None:
        """Everything that the run needs to go on, see :func:`state_of`. Raises OperationFailed."""
        self.keep(state_of(trainer, frames, lasting=lasting))

    def frames(self) -> Frames:
        """The moments that were kept of this run; none if there is no such file. Raises InvalidInput."""
        if not has(self.path, FRAMES):
            return Frames()
        return Frames.unpack(read(self.path, FRAMES), str(self.path / FRAMES))

    def restore(self, trainer: Trainer) -> None:
        """Puts a trainer of the same experiment where this run stopped. Raises InvalidInput."""
        restore(trainer, read(self.path, CHECKPOINT), str(self.path / CHECKPOINT))

    def model(self, dataset: Dataset) -> Autoencoder:
        """The trained network, for data of the shape that it was trained on. Raises InvalidInput."""
        path = self.path / WEIGHTS
        model = Autoencoder(resolve(self.experiment(), dataset.facts(memory_bytes())).check())
        weights, _ = unpack_tensors(read(self.path, WEIGHTS), str(path))
        try:
            check_fit(weights, model.state_dict())
        except ValueError as error:
            raise InvalidInput(f"{path}: does not fit the experiment beside it: {error}") from None
        model.load_state_dict(weights)
        return model.eval()


def slug(title: str) -> str:
    """A title as part of a file name: ASCII letters, digits and hyphens, at most 60 of them."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:60].rstrip("-") or "run"


def _new_path(experiment: Experiment) -> Path:
    root, name = runs_folder(), f"{time.strftime('%Y-%m-%dT%H-%M-%S')}-{slug(experiment.title)}"
    number, path = 1, root / name
    while True:
        try:
            path.mkdir(parents=True)
            return path
        except FileExistsError:
            if not root.is_dir():
                raise OperationFailed(f"{root}: must be a folder for runs, is a file") from None
            number += 1
            path = root / f"{name}-{number}"
        except OSError as error:
            raise OperationFailed(
                f"{root}: no run can be written there: {error.strerror or error}; choose another folder"
            ) from None
