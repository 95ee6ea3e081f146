"""The small trained example that fills the views until the first run."""

from __future__ import annotations

from dataclasses import dataclass

from aegui.resources import resource
from aegui.spec import Experiment
from aegui.training.snapshot import Snapshot
from aegui.training.snapshot_file import unpack


@dataclass(frozen=True, eq=False)
class Example:
    """A run that was trained before the program was shipped."""

    snapshot: Snapshot
    checkpoint: bytes

    @property
    def experiment(self) -> Experiment:
        """What was run."""
        return self.snapshot.experiment


def load_example() -> Example:
    """Reads the example that ships. Raises OperationFailed if the installation lacks it."""
    snapshot, checkpoint = resource("example", "snapshot.npz"), resource("example", "state.safetensors")
    return Example(unpack(snapshot.read_bytes(), snapshot.name), checkpoint.read_bytes())
