"""What a run goes on from, as the files of its folder: they are written together or not at all."""

from __future__ import annotations

import time
from collections.abc import Mapping

from aegui.runs.names import CHECKPOINT, EXPERIMENT, FRAMES, HISTORY, WEIGHTS
from aegui.spec import dumps
from aegui.training.checkpoint import checkpoint_bytes
from aegui.training.frames import FEWEST, Frames
from aegui.training.history import history_csv
from aegui.training.snapshot import FRAME_DISK
from aegui.training.tensor_file import pack_tensors
from aegui.training.trainer import Trainer

State = Mapping[str, bytes]  # name of the file -> its contents

_FRAMES_FOR_NOW = 2**24  # bytes
_SPEED = 1e8  # bytes a second that are kept, until it is known how many that are here
SHARE = 0.02  # of the training time that keeping states may take
SOONEST = 10.0  # seconds between two states: shorter ones would wear disks for little


def state_of(trainer: Trainer, frames: Frames | None = None, *, lasting: bool = True) -> State:
    """A run as it is at this moment: experiment, weights, history, and all that it needs to go on.

    One that is not ``lasting``, as it is soon to be replaced, has fewer earlier moments.
    """
    files = {
        CHECKPOINT: checkpoint_bytes(trainer),
        EXPERIMENT: dumps(trainer.experiment).encode(),
        HISTORY: history_csv(trainer.history.curves()).encode(),
        WEIGHTS: pack_tensors(trainer.model.state_dict()),
    }
    if frames is not None and len(frames) > 1:
        files[FRAMES] = frames.pack(FRAME_DISK if lasting else _FRAMES_FOR_NOW)
    return files


class Pace:
    """When the state of a run is to be kept: often, as long as that takes no more than its share of time."""

    def __init__(self, trainer: Trainer) -> None:
        weights = sum(t.numel() * t.element_size() for t in trainer.model.state_dict().values())
        size = 4 * weights + max(_FRAMES_FOR_NOW, FEWEST * weights)  # with two moments of the optimiser
        self._cost: float = size / _SPEED
        self._since = time.monotonic()

    @property
    def due(self) -> bool:
        """Whether it is time."""
        return self.wait <= 0

    @property
    def wait(self) -> float:
        """Seconds until it is time."""
        return self._since + max(SOONEST, self._cost / SHARE) - time.monotonic()

    def __enter__(self) -> None:
        self._since = time.monotonic()

    def __exit__(self, *_: object) -> None:
        now = time.monotonic()
        self._cost, self._since = now - self._since, now
