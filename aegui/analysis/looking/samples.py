"""Codes and errors of training samples."""

from __future__ import annotations

from collections.abc import Generator

import torch
from torch import Tensor

from aegui.analysis.looks import TrainPart, TrainSeen
from aegui.data.draw import stratified
from aegui.data.streams import stream_seed
from aegui.objectives.noise import corrupt
from aegui.training.bench import Bench
from aegui.training.evaluation import Rows, chunk_size
from aegui.training.kept_noise import kept_noise


def train_part(bench: Bench, look: TrainPart) -> Generator[None, None, TrainSeen]:
    """Samples of the training set on their way through the network, a rest between two chunks.

    All of them are corrupted as the metrics of a run have them; some of them by a draw of their own,
    since the whole one takes long.
    """
    rows = stratified(bench.dataset.train.labels, look.count, 0, len(bench.train))
    index = torch.as_tensor(rows, device=bench.train.device)
    whole = None
    if len(rows) == len(bench.train) and not look.clean:
        whole = kept_noise(bench.experiment, bench.train, bench.space, 1)
    codes, errors = Rows(len(rows)), Rows(len(rows))
    size = chunk_size(bench.model)
    for start in range(0, len(rows), size):
        if start:
            yield
        stretch = slice(start, min(start + size, len(rows)))
        clean = bench.train.take(index[stretch])
        seen = clean if look.clean else _corrupted(bench, clean, start) if whole is None else whole[stretch]
        code = bench.model.encode(seen)
        codes.add(code)
        errors.add((bench.model.decode(code) - clean).square().mean(dim=1))
    return TrainSeen(rows, codes.values.cpu().numpy(), errors.values.cpu().numpy())


def _corrupted(bench: Bench, clean: Tensor, number: int) -> Tensor:
    """x̃ of clean samples (n, k) as the experiment says, the same each time for the same number."""
    seed = stream_seed(bench.experiment.seed, "test-noise", 1, number)
    generator = torch.Generator(clean.device).manual_seed(seed)
    return corrupt(bench.experiment.noise, clean, generator, bench.space)
