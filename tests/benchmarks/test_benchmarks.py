"""The command that measures everything: its parts, its table, its history, and what contestants do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from aegui.training.trainer import Trainer
from tests.benchmarks import history
from tests.benchmarks.contestants.bare import convolutional, dense, epoch, fused_adam, reconstructing
from tests.benchmarks.contestants.contest import KINDS, Kind, Task
from tests.benchmarks.contestants.entrants import ENTRANTS
from tests.benchmarks.findings import Finding, not_measured, of_rounds
from tests.benchmarks.growth import exponent
from tests.benchmarks.parts import PARTS, chosen
from tests.benchmarks.reactions import key_wait
from tests.benchmarks.surroundings import ROOT
from tests.benchmarks.table import row


def test_that_every_part_has_a_name_and_says_what_it_is() -> None:
    names = [part.name for part in PARTS]
    assert len(set(names)) == len(names)
    assert [part.name for part in PARTS if not part.name.isalpha() or len(part.about) < 20] == []


def test_that_parts_are_chosen_by_name() -> None:
    assert [part.name for part in chosen("start, limit")] == ["start", "limit"]
    assert {part.name for part in chosen("")} == {part.name for part in PARTS} - {"soak"}
    with pytest.raises(ValueError, match="no such part: strat; there are training, limit"):
        chosen("strat,limit")


def test_that_a_quick_run_prints_a_table_and_keeps_what_it_found(tmp_path: Path) -> None:
    place = tmp_path / "kept" / "history.jsonl"
    words = ("--quick", "--only", "limit", "--history", str(place))
    done, again = _command(*words), _command(*words, "--json")
    assert (done.returncode, again.returncode) == (0, 0), done.stderr + again.stderr
    assert "batch 128: training's rate over that of its products" in done.stdout
    assert "GFLOP/s, bound by" in done.stdout
    first, second = history.entries(place)
    assert json.loads(again.stdout) == second  # and nothing else
    assert "before" in again.stderr
    assert first["machine"] == second["machine"] and first["quick"]
    assert 0 < first["parts"]["limit"][0]["value"] < 5


def test_that_an_unknown_part_is_an_error_of_usage(tmp_path: Path) -> None:
    done = _command("--only", "fast", "--history", str(tmp_path / "history.jsonl"))
    assert done.returncode == 2 and "no such part: fast" in done.stderr
    assert not (tmp_path / "history.jsonl").exists()


def test_that_goals_are_judged_and_what_is_missing_is_not() -> None:
    assert of_rounds("ratio", [0.97, 0.99, 0.98], goal="at least 0.98").met is True
    assert of_rounds("delay", [60.0], "ms", goal="at most 50").met is False
    assert not_measured("peer", "it is not installed").met is None
    assert Finding("speed", 1.0).met is None


def test_that_a_row_tells_value_spread_goal_and_what_was_before() -> None:
    told = row(of_rounds("ratio", [0.9, 0.99, 0.98], goal="at least 0.98"), 0.5)
    assert told.split()[:4] == ["ratio", "0.980", "0.900", "to"]
    assert "goal at least 0.98: met" in told and "before 0.500" in told
    assert row(not_measured("peer", "no such thing"), None).endswith("not measured: no such thing")


def test_that_an_entry_that_was_cut_off_is_passed_over(tmp_path: Path) -> None:
    place = tmp_path / "history.jsonl"
    facts = {"machine": {"cores": 2}, "quick": False, "threads": 1}
    history.append(place, history.entry({"limit": [Finding("rate", 0.5)]}, **facts))
    with place.open("a") as file:
        file.write('{"date": "20')
    assert history.before(place, facts) == {("limit", "rate"): 0.5}
    assert history.before(place, facts | {"threads": 2}) == {}


def test_that_a_long_delay_counts_for_as_long_as_it_is() -> None:
    looks = np.zeros(9_900)  # each a millisecond after the one before
    assert key_wait(looks) == 0
    one = np.append(looks, 1_100.0)  # in eleven seconds, of which it takes the tenth part
    assert key_wait(one, 0.95) == pytest.approx(550, rel=0.01)


@pytest.mark.parametrize("power", [0.0, 1.0, 2.0])
def test_that_an_exponent_is_that_of_the_large_sizes(power: float) -> None:
    sizes = [10, 100, 1_000, 10_000]
    assert exponent(sizes, [1e-3 * size**power for size in sizes]) == pytest.approx(power)


def test_that_a_contestant_without_its_library_says_so() -> None:
    code = (
        "import sys; sys.modules['pyod'] = None; sys.argv = ['', 'pyod', '{\"tests\": 50}'];"
        "from tests.benchmarks.contestants.__main__ import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "pyod" in json.loads(done.stdout)["failed"]


def test_that_the_ratio_of_each_contestant_is_over_another_that_takes_part() -> None:
    assert {entrant.rival for entrant in ENTRANTS.values()} <= set(ENTRANTS)


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_bare_loop_has_as_many_weights(kind: Kind) -> None:
    from tests.benchmarks.contestants.bare import Bare

    task = Task(kind, samples=200, tests=50)
    ours = sum(p.numel() for p in Trainer(task.experiment, task.dataset()).model.parameters())
    assert sum(p.numel() for p in Bare(task)._model.parameters()) == ours


@pytest.mark.parametrize(("kind", "make"), [("dense", dense), ("convolutional", convolutional)])
def test_that_the_bare_loop_and_aegui_have_the_same_history(kind: Kind, make: type) -> None:
    task = Task(kind, batch=32, samples=200, tests=50)
    trainer, model = Trainer(task.experiment, task.dataset()), make()
    with torch.no_grad():
        for own, other in zip(model.parameters(), trainer.model.parameters(), strict=True):
            own.copy_(other)
    order = torch.cat([trainer.order.batch_of(step) for step in range(trainer.steps_per_epoch)])
    losses = torch.empty(trainer.steps_per_epoch)
    epoch(model, fused_adam(model), reconstructing, torch.from_numpy(task.arrays()[0]), order, 32, losses)
    for _ in range(trainer.steps_per_epoch):
        next(trainer)
    np.testing.assert_allclose(trainer.history.batch.prefix()[:, 0], losses.numpy(), rtol=1e-5)


@pytest.mark.parametrize("name", ["bare", "trainer", "train", "textbook", "sklearn"])
def test_that_a_contestant_really_learns(name: str) -> None:
    from tests.benchmarks.contestants.__main__ import made

    task = Task(batch=32, samples=400, tests=100)
    threads = torch.get_num_threads()
    contestant = made(ENTRANTS[name], task)
    contestant.train(1)
    before = contestant.score()
    turn = contestant.train(4)
    torch.set_num_threads(threads)
    assert turn.samples == 4 * 400 and turn.seconds > 0
    assert contestant.score() < min(before, 0.08)


def _command(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.benchmarks", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
