"""Every preset trains from the command line, on so little data that it takes a moment."""

from __future__ import annotations

import contextlib
import io
import json
import math
import warnings
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from aegui.__main__ import main
from aegui.spec.presets import Preset, presets

# One test sample: what takes longest is drawing the figures.
LITTLE = ("training.epochs=1", "data.train=40", "data.test=1")
ENOUGH_TO_DIVERGE = ("training.epochs=1", "data.train=3000", "data.test=1")
DIVERGING = "mistake-divergence"

Ended = tuple[int, str, str]  # exit status, standard output, standard error


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Ended]]]:
    """The runs of all presets by name, two at a time, since each keeps one core busy."""
    folder = tmp_path_factory.mktemp("presets")
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        yield {p.name: pool.submit(train, p.name, folder / p.name) for p in presets()}
        pool.shutdown(cancel_futures=True)  # of the tests that were not selected


def train(name: str, out: Path) -> Ended:
    """``aegui train NAME`` in this process; a warning fails, as in every test."""
    settings = ENOUGH_TO_DIVERGE if name == DIVERGING else LITTLE
    words = ["train", name, "--json", "--out", str(out)]
    words += [word for setting in settings for word in ("--set", setting)]
    said, told = io.StringIO(), io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
        warnings.simplefilter("error")
        status = main(words)
    return status, said.getvalue(), told.getvalue()


@pytest.mark.parametrize("preset", [p for p in presets() if p.name != DIVERGING], ids=lambda p: p.name)
def test_that_a_preset_trains_an_epoch(trained: dict[str, Future[Ended]], preset: Preset) -> None:
    status, said, _ = trained[preset.name].result()
    assert status == 0
    epoch, metrics = (json.loads(line) for line in said.splitlines())
    assert epoch["epoch"] == 1
    found = list(numbers({"epoch": epoch, "metrics": metrics}))
    assert len(found) > 15 and all(math.isfinite(number) for number in found)


def test_that_the_preset_that_diverges_says_what_to_lower(trained: dict[str, Future[Ended]]) -> None:
    status, _, told = trained[DIVERGING].result()
    assert status == 1
    assert told.splitlines()[-1].startswith("aegui: training.rate: the loss is no longer a finite number")


def numbers(tree: Any) -> Iterator[float]:
    """Every number in plain dicts and lists."""
    match tree:
        case dict():
            for value in tree.values():
                yield from numbers(value)
        case list():
            for value in tree:
                yield from numbers(value)
        case int() | float():
            yield tree
