"""What the networks of runs on disk make of their test sets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from aegui.analysis.metrics import Subject
from aegui.analysis.run_list import Ints, SeenRun, SeenSamples
from aegui.nets.autoencoder import evaluating
from aegui.runs.folder import RunFolder
from aegui.runs.subject import subject_of_run
from aegui.training.evaluation import evaluate


def see_run(path: Path) -> tuple[Subject, SeenRun]:
    """The network of a run with codes and errors of its test set. Raises InvalidInput."""
    subject = subject_of_run(RunFolder.open(path))
    found = evaluate(subject.experiment, subject.model, subject.test, subject.noisy_test)
    codes, errors = found.codes.cpu().numpy(), found.errors.cpu().numpy()
    return subject, SeenRun(path, subject.dataset, codes, errors)


def see_samples(subjects: Sequence[Subject], indices: Ints) -> SeenSamples:
    """Test samples through the networks of several runs that have the same test samples."""
    made, errors = [], []
    original = np.zeros((0, 0), np.float32)
    for subject in subjects:
        rows = torch.as_tensor(indices, device=subject.test.device)
        clean = subject.test.take(rows)
        seen = clean if subject.noisy_test is None else subject.noisy_test[rows]
        with torch.no_grad(), evaluating(subject.model):
            output = subject.model.decode(subject.model.encode(seen))
        original = clean.cpu().numpy()
        made.append(output.cpu().numpy())
        errors.append((output - clean).square().mean(dim=1).cpu().numpy())
    return SeenSamples(indices, original, tuple(made), tuple(errors))
