"""Errors and terms of a whole set, in chunks, against one pass by hand."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from aegui.data.dataset import Affine, Dataset, Split
from aegui.data.load import load_dataset
from aegui.objectives.objective import terms
from aegui.spec import Data, Experiment, replace_all
from aegui.spec.terms import term_names
from aegui.training import evaluation
from aegui.training.evaluation import evaluate
from aegui.training.samples import Samples
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"training.loss": "bce", "penalty.code": {"kind": "l1", "weight": 0.1}},
        {"code.activation": "sigmoid", "penalty.code": {"kind": "kl"}, "penalty.jacobian": 0.3},
        {"code.variational": True, "penalty.weights_l2": 0.01, "noise.kind": "masking"},
    ],
)
@pytest.mark.parametrize("chunk", [7, 1000])
def test_that_the_terms_of_the_test_set_are_those_of_one_large_batch(
    trainer_of: TrainerOf, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], chunk: int
) -> None:
    monkeypatch.setattr(evaluation, "chunk_size", lambda _model: chunk)
    trainer = trainer_of(changes)
    found = evaluate(trainer.experiment, trainer.model, trainer.test, trainer.noisy_test)
    clean = trainer.test.take(slice(None))
    seen = clean if trainer.noisy_test is None else trainer.noisy_test[:]
    by_hand = terms(trainer.experiment, trainer.model, trainer.model(seen), seen, clean)
    assert tuple(found.terms) == term_names(trainer.experiment)
    for name, value in by_hand.items():
        assert found.terms[name] == pytest.approx(value.item(), rel=1e-5), name
    reconstruction = trainer.model.decode(trainer.model.encode(seen))
    torch.testing.assert_close(found.errors, (reconstruction - clean).square().mean(dim=1).detach())
    torch.testing.assert_close(found.codes, trainer.model.encode(seen).detach())


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of the process from /proc")
def test_that_a_set_is_evaluated_in_the_memory_of_a_few_passes() -> None:
    x = np.random.default_rng(0).integers(0, 256, (40_000, 784), np.uint8)  # 125 MB as floats
    scaling = Affine("unit", np.zeros((), np.float32), np.array(1 / 255, np.float32))
    few = Split(x[:100], rows=np.arange(100))
    dataset = Dataset("many", "Many", (28, 28), few, few, scaling, 0.0, 1.0)
    dense = [{"kind": "dense", "units": units} for units in (128, 64)]
    trainer = Trainer(replace_all(Experiment(), {"architecture.encoder": dense, "code.size": 32}), dataset)
    samples = Samples(dataset, Split(x), trainer.device)
    evaluate(trainer.experiment, trainer.model, trainer.test)
    before = own_memory()
    found = evaluate(trainer.experiment, trainer.model, samples)
    assert found.codes.shape == (40_000, 32) and own_memory() - before < 50_000_000


def own_memory() -> int:
    """Bytes of this process that are no file's."""
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines["RssAnon"].split()[0]) * 1024


def test_that_bce_is_measured_beside_mse_where_the_output_is_a_share(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    x = trainer.test.take(slice(None)).double().numpy()
    with torch.no_grad():
        p = trainer.model.decode(trainer.model.encode(trainer.test.take(slice(None)))).double().numpy()
    by_hand = np.mean(-x * np.log(p) - (1 - x) * np.log(1 - p))
    assert trainer.evaluation.bce == pytest.approx(by_hand, rel=1e-5)
    assert trainer_of({"architecture.output": "linear"}).evaluation.bce is None


def test_that_an_evaluation_leaves_the_network_ready_for_training(trainer_of: TrainerOf) -> None:
    trainer = trainer_of()
    before = [p.detach().clone() for p in trainer.model.parameters()]
    trainer.reevaluate()
    assert trainer.model.training
    assert all(torch.equal(a, b) for a, b in zip(before, trainer.model.parameters(), strict=True))
    assert all(p.grad is None for p in trainer.model.parameters())


@pytest.mark.parametrize("scaling", ["unit", "minmax", "standard", "none"])
def test_that_samples_on_a_device_are_scaled_as_the_data_set_does(scaling: Any) -> None:
    dataset = load_dataset(Data(source="digits", train=50, test=20, scaling=scaling), 0)
    samples = Samples(dataset, dataset.test, torch.device("cpu"))
    expected = dataset.scaled(dataset.test)
    np.testing.assert_allclose(samples.take(slice(None)), expected, rtol=1e-6)
    np.testing.assert_allclose(samples.take(torch.tensor([3, 1])), expected[[3, 1]], rtol=1e-6)
    chunks = list(samples.chunks(8))
    assert [rows.stop - rows.start for rows, _ in chunks] == [8, 8, 4]
    np.testing.assert_allclose(torch.cat([x for _, x in chunks]), expected, rtol=1e-6)


def test_that_taking_samples_never_touches_the_stored_ones() -> None:
    """Stored floats need no conversion, so a careless view could scale them in place."""
    raw = np.ones((3, 2), np.float32)
    scaling = Affine("standard", np.ones((), np.float32), np.full((), 2, np.float32))
    dataset = Dataset("t", "T", (2,), Split(raw, None), Split(raw, None), scaling, 0, 1)
    samples = Samples(dataset, dataset.train, torch.device("cpu"))
    assert not samples.take(slice(None)).any() and not samples.take(slice(None)).any()
    assert (raw == 1).all()


def test_that_noise_of_a_variational_code_is_left_out(trainer_of: TrainerOf) -> None:
    trainer: Trainer = trainer_of({"code.variational": True})
    experiment: Experiment = trainer.experiment
    first, again = (evaluate(experiment, trainer.model, trainer.test) for _ in range(2))
    assert torch.equal(first.codes, again.codes) and first.terms == again.terms
