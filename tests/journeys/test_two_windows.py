"""Several windows and processes on one runs folder: each run has one writer, and all of them are whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from leaving import ended_run, left_run
from student import Student

from aegui.__main__ import main
from aegui.qt.session import State
from aegui.runs.names import CHECKPOINT, EXPERIMENT, HISTORY, METRICS, WEIGHTS
from aegui.runs.reading import has, read_files, read_metrics
from aegui.spec import Experiment, replace_all

pytestmark = pytest.mark.journey

OpenWindow = Callable[[Experiment], Student]


@pytest.fixture
def tiny(small: Experiment) -> Experiment:
    changes = {"title": "Shared", "data.train": 100, "data.test": 30, "training.epochs": 10}
    return replace_all(small, changes)


def test_that_two_windows_that_train_at_once_have_a_whole_run_each(
    open_window: OpenWindow, tiny: Experiment, runs: Path
) -> None:
    whole = {seed: ended_run(replace_all(tiny, {"seed": seed})) for seed in (1, 2)}
    students = [open_window(replace_all(tiny, {"seed": seed})) for seed in (1, 2)]
    written: list[Path] = []
    for student in students:
        student.window.session.recording.written.connect(lambda path, _metrics: written.append(path))
        student.clicks_tool("play")
    students[0].sees(lambda: len(written) == 2)
    assert {*written} == {*runs.iterdir()} - {*whole.values()}
    for path in written:
        undisturbed = whole[read_metrics(path)["seed"]]
        for name in (HISTORY, WEIGHTS, EXPERIMENT):
            assert (path / name).read_bytes() == (undisturbed / name).read_bytes()


def test_that_a_run_that_is_opened_in_two_windows_goes_on_in_both_and_stays_as_it_was(
    open_window: OpenWindow, small: Experiment, tiny: Experiment, runs: Path
) -> None:
    run = left_run(tiny, 5)
    names = (CHECKPOINT, EXPERIMENT, HISTORY, WEIGHTS)
    before = read_files(run, names)
    students = [open_window(small), open_window(small)]
    for student in students:
        assert student.window.files.open_run(run)
        student.sees(lambda s=student: s.window.session.has_run and s.step == 5)
    for student in students:
        student.clicks_tool("play")
    for student in students:
        student.sees_state(State.FINISHED)
        student.window.close()
    assert read_files(run, names) == before and not has(run, METRICS)
    new = [path for path in runs.iterdir() if path != run]
    same = (EXPERIMENT, HISTORY, WEIGHTS)
    assert len(new) == 2 and read_files(new[0], same) == read_files(new[1], same)


def test_that_the_command_line_waits_for_the_window_to_be_closed(
    open_window: OpenWindow, tiny: Experiment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    student = open_window(tiny)
    window = student.window
    student.clicks_tool("epoch")
    student.sees(lambda: student.step == 4)
    window.session.save_run(tmp_path / "run")
    student.sees(lambda: has(tmp_path / "run", METRICS))
    resume = [
        "train",
        str(tmp_path / "run" / EXPERIMENT),
        "--json",
        "--resume",
        "--out",
        str(tmp_path / "run"),
    ]
    assert main(resume) == 1
    assert "another aegui writes to this run" in capsys.readouterr().err
    student.clicks_tool("epoch")
    student.sees(lambda: student.step == 8)
    window.close()
    assert window.closed and main(resume) == 0
    whole = ended_run(tiny)
    for name in (HISTORY, WEIGHTS):
        assert (tmp_path / "run" / name).read_bytes() == (whole / name).read_bytes()
