"""What every room's tests share: a place for runs, and a network and data so small that they take no time."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.spec import Architecture, Code, Data, Dense, Experiment, Training, replace_all

if TYPE_CHECKING:  # torch takes a second, which tests of other rooms need not wait for
    from aegui.training.bench import Bench
    from aegui.training.trainer import Trainer

TINY = Experiment(
    title="Tiny digits",
    data=Data(source="digits", train=100, test=30),
    architecture=Architecture(encoder=(Dense(units=6, activation="tanh"),)),
    code=Code(size=3),
    training=Training(batch=32, epochs=3, device="cpu"),  # the last batch of an epoch has 4 samples
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=200, help="how often the long form kills runs")
    parser.addoption("--window-kills", type=int, default=20, help="how often the long form kills windows")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a test has printed or logged may hold halves of letters, which no other process can be told."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections
    ]
    return report


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where runs go that are not given a place, and fetched data: never the user's own folders."""
    folder = tmp_path / "runs"
    monkeypatch.setenv("AEGUI_RUNS", str(folder))
    monkeypatch.setenv("AEGUI_DATA", str(tmp_path / "fetched"))
    monkeypatch.setenv("AEGUI_STATE", str(tmp_path / "state"))
    return folder


@pytest.fixture(autouse=True)
def log_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log of a test is its own."""
    monkeypatch.setenv("AEGUI_LOG", str(tmp_path / "log"))


@pytest.fixture(scope="session")
def tiny_digits() -> Dataset:
    """A hundred digits to train on and thirty to test with."""
    return load_dataset(TINY.data, TINY.seed)


@pytest.fixture(scope="session")
def tiny() -> Callable[..., Experiment]:
    """The tiny experiment with some settings changed: ``tiny({"noise.kind": "masking"})``."""

    def make(changes: Mapping[str, Any] | None = None) -> Experiment:
        return replace_all(TINY, changes or {})

    return make


@pytest.fixture
def trainer_of(tiny: Callable[..., Experiment], tiny_digits: Dataset) -> Callable[..., Trainer]:
    """A trainer of the tiny experiment with some settings changed."""

    def make(changes: Mapping[str, Any] | None = None) -> Trainer:
        from aegui.training.trainer import Trainer

        return Trainer(tiny(changes), tiny_digits)

    return make


@pytest.fixture
def bench_of(trainer_of: Callable[..., Trainer]) -> Callable[..., Bench]:
    """A network after some steps, standing still in eval mode, for looks."""

    def make(changes: Mapping[str, Any] | None = None, steps: int = 8) -> Bench:
        from aegui.training.bench import bench_of

        trainer = trainer_of(changes)
        for _ in range(steps):
            next(trainer)
        trainer.reevaluate()
        trainer.model.eval()
        return bench_of(trainer)

    return make
