"""Passes that a graphics card records and repeats: the numbers of those that it is told one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from aegui.spec import replace
from aegui.training.backpropagation import Backpropagation
from aegui.training.graphs import GraphedBackpropagation
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]
ON_CARD = {"training.device": "cuda", "training.epochs": 60}  # enough to record again after a change

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")


@pytest.mark.parametrize(
    "changes",
    [
        {"noise.kind": "gaussian"},
        {"training.loss": "bce", "penalty.weights_l2": 1e-3},
        {"penalty.code": {"kind": "l1", "weight": 0.01}, "training.schedule.kind": "cosine"},
    ],
    ids=["noise", "weights", "code"],
)
def test_that_a_graph_trains_as_single_kernels_do(trainer_of: TrainerOf, changes: dict[str, Any]) -> None:
    graphed, single = trainer_of(ON_CARD | changes), trainer_of(ON_CARD | changes)
    single._backpropagation = Backpropagation.of(single.model)
    for _ in zip(graphed, single, strict=True):
        if graphed.step == 90:
            for trainer in (graphed, single):
                trainer.apply(replace(trainer.experiment, "training.rate", 5e-4))
    assert isinstance(graphed._backpropagation, GraphedBackpropagation)
    assert graphed._backpropagation.recorded
    pairs = zip(graphed.model.parameters(), single.model.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_that_a_variational_code_is_drawn_afresh(trainer_of: TrainerOf) -> None:
    trainer = trainer_of(ON_CARD | {"code.variational": True})
    for _ in trainer:
        pass
    assert isinstance(trainer._backpropagation, GraphedBackpropagation)
    assert not trainer._backpropagation.recorded
