"""The folder of a run. Every file in it is replaced at once, and nothing in it is ever unpickled."""

from __future__ import annotations

import os
import re
import time
import unicodedata
from pathlib import Path

from aegui.data.dataset import Dataset
from aegui.errors import InvalidInput, OperationFailed
from aegui.nets.autoencoder import Autoencoder
from aegui.plan import resolve
from aegui.runs.names import CHECKPOINT, EXPERIMENT, FRAMES, HISTORY, WEIGHTS, runs_folder
from aegui.spec import Experiment, dumps, load
from aegui.training.checkpoint import checkpoint_bytes, restore
from aegui.training.frames import Frames
from aegui.training.history import history_csv
from aegui.training.tensor_file import unpack_tensors
from aegui.training.trainer import Trainer
from aegui.writing import write_atomic


class RunFolder:
    """A run on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, experiment: Experiment, out: Path | None = None) -> RunFolder:
        """A folder for a new run: ``out``, or a new one under the runs folder.

        Raises InvalidInput if it holds another run or is a file, OperationFailed if it
        cannot be made.
        """
        path = _new_path(experiment) if out is None else out
        if os.path.exists(path) and not path.is_dir():
            raise InvalidInput(f"{path}: must be a folder, is a file")
        if cls(path).exists():
            raise InvalidInput(
                f"{path}: holds another run; continue it with --resume, or name another folder"
            )
        folder = cls(path)
        folder.write_experiment(experiment)
        return folder

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """The folder of a run that was written before. Raises InvalidInput if there is none."""
        folder = cls(path)
        if not folder.exists():
            raise InvalidInput(f"{path}: is not the folder of a run: it has no {EXPERIMENT}")
        return folder

    def exists(self) -> bool:
        """Whether there is a run in it."""
        return os.path.isfile(self.path / EXPERIMENT)

    def experiment(self) -> Experiment:
        """What was run. Raises InvalidInput."""
        return load(self.path / EXPERIMENT)

    def write_experiment(self, experiment: Experiment) -> None:
        """Replaces the experiment."""
        self.write(EXPERIMENT, dumps(experiment).encode())

    def write(self, name: str, data: bytes) -> None:
        """Replaces one file of the run, at once. Raises OperationFailed."""
        write_atomic(self.path / name, data)

    def write_state(self, trainer: Trainer, frames: Frames | None = None) -> None:
        """Everything that the run needs to go on, and the history so far. Raises OperationFailed."""
        if frames is not None and len(frames) > 1:
            self.write(FRAMES, frames.pack())
        self.write(CHECKPOINT, checkpoint_bytes(trainer))
        self.write(HISTORY, history_csv(trainer.history.curves()).encode())
        self.write_experiment(trainer.experiment)

    def checkpoint_bytes(self) -> bytes:
        """What the run goes on from, as it is on disk. Raises InvalidInput."""
        return _read(self.path / CHECKPOINT)

    def frames_bytes(self) -> bytes | None:
        """The moments that were kept of this run, as they are on disk; None without. Raises InvalidInput."""
        path = self.path / FRAMES
        return _read(path) if path.is_file() else None

    def frames(self) -> Frames:
        """The moments that were kept of this run; none if there is no such file. Raises InvalidInput."""
        data = self.frames_bytes()
        return Frames() if data is None else Frames.unpack(data, str(self.path / FRAMES))

    def restore(self, trainer: Trainer) -> None:
        """Puts a trainer of the same experiment where this run stopped. Raises InvalidInput."""
        restore(trainer, self.checkpoint_bytes(), str(self.path / CHECKPOINT))

    def model(self, dataset: Dataset) -> Autoencoder:
        """The trained network, for data of the shape that it was trained on. Raises InvalidInput."""
        path = self.path / WEIGHTS
        model = Autoencoder(resolve(self.experiment(), dataset.facts()).check())
        weights, _ = unpack_tensors(_read(path), str(path))
        try:
            model.load_state_dict(weights)
        except RuntimeError as error:
            reason = str(error).splitlines()[-1].strip()
            raise InvalidInput(f"{path}: does not fit the experiment beside it: {reason}") from None
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


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read: {error.strerror or error}") from None
