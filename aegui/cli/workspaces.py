"""``aegui evaluate RUN --workspace NAME``: what a tab of the window tells of a run."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import Any

import torch

from aegui.analysis.json_text import json_text
from aegui.analysis.looking.reports import report
from aegui.analysis.pca import fit_pca
from aegui.cli.foreign import tell_data
from aegui.data.load import load_dataset
from aegui.errors import InvalidInput
from aegui.runs.folder import RunFolder
from aegui.training.bench import bench_of
from aegui.training.device import training_threads
from aegui.training.trainer import Trainer

_SHORT = 8  # numbers of a list that stand in one line
_DIGITS = 6


def evaluate_workspace(arguments: Namespace) -> int:
    """Prints a workspace's numbers of a run on its own data. Raises InvalidInput."""
    if arguments.data is not None:
        raise InvalidInput("--data: means nothing with --workspace, which looks at the run's own data")
    folder = RunFolder.open(arguments.run)
    torch.set_num_threads(training_threads())
    experiment = folder.experiment()
    tell_data(experiment, arguments.run)
    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    folder.restore(trainer)
    found = report(arguments.workspace, bench_of(trainer), fit_pca(trainer.dataset))
    if arguments.json:
        print(json_text(found))
    else:
        print(f"{arguments.workspace} of {arguments.run}:")
        print(*_lines(found, "  "), sep="\n")
    return 0


def _lines(found: dict[str, Any], indent: str) -> Iterator[str]:
    """A dictionary as an outline."""
    for name, value in found.items():
        words = name.replace("_", " ")
        match value:
            case dict():
                yield f"{indent}{words}"
                yield from _lines(value, indent + "  ")
            case [{}, *_]:
                yield f"{indent}{words}"
                for item in value:
                    yield f"{indent}  - " + ", ".join(
                        f"{k.replace('_', ' ')} {_text(v)}" for k, v in item.items()
                    )
            case _:
                yield f"{indent}{words}: {_text(value)}"


def _text(value: Any) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.{_DIGITS}g}"
        case int():
            return f"{value:,}"
        case list() if len(value) > _SHORT:
            return f"{', '.join(map(_text, value[:_SHORT]))}, … ({len(value):,} in all; --json has them)"
        case list():
            return ", ".join(map(_text, value)) or "none"
        case dict():
            return ", ".join(f"{k.replace('_', ' ')} {_text(v)}" for k, v in value.items())
    return str(value)
