"""Where a network is computed, and with how many threads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from aegui.errors import InvalidExperiment
from aegui.training.device import pick_device, training_threads
from aegui.training.trainer import Trainer


def test_that_the_processor_is_always_there() -> None:
    assert pick_device("cpu") == torch.device("cpu")
    assert pick_device("auto").type in ("cpu", "cuda", "mps")


def test_that_a_device_that_is_not_there_is_refused_with_those_that_are() -> None:
    missing = "mps" if not torch.backends.mps.is_available() else "cuda"
    with pytest.raises(InvalidExperiment) as caught:
        pick_device(missing)
    (problem,) = caught.value.problems
    assert problem.path == "training.device"
    assert problem.message.startswith(f'"{missing}" is not available on this machine, which has: cpu')


def test_that_a_run_leaves_one_core_to_the_window_and_keeps_at_least_one(
    trainer_of: Callable[..., Trainer],
) -> None:
    trainer = trainer_of()
    assert trainer.threads == training_threads() == torch.get_num_threads() >= 1
