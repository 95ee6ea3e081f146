"""Every sample of a data set as its code. torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from aegui.analysis.code_table import CodeTable, Input, table_of
from aegui.analysis.metrics import Subject
from aegui.nets.autoencoder import evaluating
from aegui.training.evaluation import Inputs, Rows, chunk_size
from aegui.training.samples import Samples

Report = Callable[[float], None]  # takes the share that is done; may raise to give the work up


def _silent(_share: float) -> None: ...


def code_table(subject: Subject, seen: Input = "clean", report: Report = _silent) -> CodeTable:
    """Codes and MSE_i of both parts of a network's data.

    ``seen``: what the network is given, the clean samples or those with the noise of the
    experiment, drawn once. The error counts against the clean sample either way.
    """
    count = len(subject.train) + len(subject.test)
    noisy = (subject.noisy_train, subject.noisy_test) if seen == "noisy" else (None, None)
    codes, errors, done = Rows(count), Rows(count), 0
    with torch.no_grad(), evaluating(subject.model):
        for samples, inputs in zip((subject.train, subject.test), noisy, strict=True):
            for code, error in _passes(subject, samples, inputs):
                codes.add(code)
                errors.add(error)
                done += len(code)
                report(done / count)
    return table_of(subject.dataset, codes.values.numpy(), errors.values.numpy())


def _passes(subject: Subject, clean: Samples, noisy: Inputs | None) -> Iterator[tuple[Tensor, Tensor]]:
    """Codes (n, d) and MSE_i (n,) of the samples of one part after the other."""
    for rows, x in clean.chunks(chunk_size(subject.model)):
        code = subject.model.encode(x if noisy is None else noisy[rows])
        error = (subject.model.decode(code) - x).square().mean(dim=1)
        yield code.cpu(), error.cpu()
