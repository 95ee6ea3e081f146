"""``aegui sweep``: one experiment at several code sizes, against PCA."""

from __future__ import annotations

import sys
from argparse import Namespace

from tqdm import tqdm

from aegui.analysis.json_text import json_text
from aegui.analysis.reduction import Swept, parse_sizes, sweep_row
from aegui.analysis.sweep import sweep as sweep_sizes
from aegui.data.load import load_dataset
from aegui.spec import Experiment

_HEAD = f"{'size':>5}  {'autoencoder':>11}  {'PCA':>8}  {'parameters':>11}  {'seconds':>8}"
_GRAIN = 1000  # of the bar


def sweep(experiment: Experiment, arguments: Namespace) -> int:
    """Prints a row for each code size as soon as it is trained; returns the exit status."""
    sizes = parse_sizes(arguments.sizes)
    dataset = load_dataset(experiment.data, experiment.seed)
    with tqdm(total=_GRAIN, disable=None, leave=False, bar_format="{l_bar}{bar}{desc}") as bar:
        for moment in sweep_sizes(experiment, dataset, sizes):
            if isinstance(moment, Swept):
                bar.clear()
                _print(moment, as_json=arguments.json, first=moment.size == sizes[0])
            elif (done := int(_GRAIN * moment.share)) > bar.n:
                bar.set_description(f"d = {moment.size}", refresh=False)
                bar.update(done - bar.n)
    if not arguments.json:
        print(f"Mean squared errors on {len(dataset.test):,} test samples of {dataset.title}", flush=True)
    return 0


def _print(point: Swept, *, as_json: bool, first: bool) -> None:
    if as_json:
        print(json_text(sweep_row(point)), flush=True)
        return
    if first:
        print(_HEAD)
    mse, pca = (f"{value:.6f}" if value is not None else "-" for value in (point.mse, point.pca_mse))
    print(f"{point.size:>5}  {mse:>11}  {pca:>8}  {point.parameters:>11,}  {point.seconds:>8.1f}", flush=True)
    if point.note:
        print(f"aegui: d = {point.size}: stopped after epoch {point.epochs:,}: {point.note}", file=sys.stderr)
