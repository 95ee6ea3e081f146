"""Trains one experiment at several code sizes, one after another: the autoencoder's curve beside PCA's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch

from aegui.analysis.pca import fit_pca
from aegui.analysis.reduction import Doubles, SweepStep, Swept, pca_at
from aegui.data.dataset import Dataset
from aegui.errors import Diverged, InvalidExperiment, Problem
from aegui.machine import memory_bytes
from aegui.plan import resolve
from aegui.spec import Experiment, replace
from aegui.training.trainer import Trainer


def sweep(
    experiment: Experiment, dataset: Dataset, sizes: Sequence[int], curve: Doubles | None = None
) -> Iterator[SweepStep | Swept]:
    """Trains the experiment at each size, just as it would be alone; yields every step and every result.

    ``curve`` (k + 1,) is the PCA error of the test set by code size, found out if it is not given.
    Letting the iterator go stops the sweep. Raises InvalidExperiment, before anything is trained,
    with the problems of every size.
    """
    variants = [replace(experiment, "code.size", size) for size in sizes]
    _check(variants, dataset)
    if curve is None:
        curve = fit_pca(dataset).error_curve(dataset.test)
    for place, variant in enumerate(variants):
        trainer = Trainer(variant, dataset)
        total = variant.training.epochs * trainer.steps_per_epoch
        try:
            for step in trainer:
                yield SweepStep(variant.code.size, place, len(variants), step, total, trainer.epoch)
        except Diverged:
            pass  # the trainer says why it ended, and the other sizes may well be fine
        yield _result(trainer, pca_at(curve, variant.code.size))


def _check(variants: Sequence[Experiment], dataset: Dataset) -> None:
    facts = dataset.facts(memory_bytes())
    problems = [
        Problem(problem.path, f"{problem.message} (code size {variant.code.size})")
        for variant in variants
        for problem in resolve(variant, facts).problems
    ]
    if problems:
        raise InvalidExperiment(problems)


def _result(trainer: Trainer, pca_mse: float | None) -> Swept:
    errors = trainer.evaluation.errors
    return Swept(
        size=trainer.experiment.code.size,
        mse=None if trainer.diverged else float(errors.cpu().mean(dtype=torch.float64)),
        pca_mse=pca_mse,
        parameters=trainer.plan.parameters,
        epochs=trainer.epoch,
        steps=trainer.step,
        seconds=trainer.seconds,
        note=trainer.end_reason,
    )
