"""Restoring what a window has left, whatever has become of the run, its folder or its data meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from leaving import ended_run, leave_session, left_run
from PySide6.QtWidgets import QMessageBox
from student import Student

from aegui.data.load import load_dataset
from aegui.errors import Diverged, OperationFailed
from aegui.qt.session import State
from aegui.qt.window import Window
from aegui.runs.folder import RunFolder
from aegui.runs.names import CHECKPOINT, EXPERIMENT, HISTORY, WEIGHTS
from aegui.runs.reading import has, read_files
from aegui.runs.sessions import left_sessions, sessions_folder
from aegui.spec import Experiment, replace_all
from aegui.spec.source import TableSource
from aegui.training.trainer import Trainer

pytestmark = pytest.mark.journey

OpenWindow = Callable[[Experiment], Student]


@pytest.fixture
def tiny(small: Experiment) -> Experiment:
    """A run of a hundred samples, four steps an epoch."""
    changes = {"title": "Left behind", "data.train": 100, "data.test": 30, "training.epochs": 3, "seed": 5}
    return replace_all(small, changes)


def restores(student: Student) -> Window:
    """Clicks the button of the notice, and waits until the run stands."""
    window = student.window
    student.sees(lambda: window.messages.current is not None and window.messages.current.key == "recovery")
    student.clicks(window.messages.button)
    return window


def is_free(run: Path) -> bool:
    """Whether somebody else could go on with it."""
    try:
        RunFolder.open(run).claim().release()
    except OperationFailed:
        return False
    return True


def only_this_one_is_kept(student: Student) -> bool:
    """What was restored is this window's own by now, and of no other."""
    kept = [*sessions_folder().glob("*/session.json")]
    return len(kept) == 1 and student.window.recovery._restored is None


def test_that_a_restored_run_ends_bitwise_as_an_undisturbed_one(
    open_window: OpenWindow, small: Experiment, tiny: Experiment
) -> None:
    whole, run = ended_run(tiny), left_run(tiny, 7)
    leave_session(tiny, run, step=7)
    student = open_window(small)
    window = restores(student)
    student.sees(lambda: window.session.has_run and student.step == 7)
    student.clicks_tool("play")
    student.sees_state(State.FINISHED)
    window.recovery.wait()
    window.close()
    for name in (HISTORY, WEIGHTS, EXPERIMENT):
        assert (run / name).read_bytes() == (whole / name).read_bytes()
    assert left_sessions() == [] and is_free(run)


def test_that_edits_after_the_start_of_the_run_are_on_screen_and_need_no_undo(
    open_window: OpenWindow, small: Experiment, tiny: Experiment
) -> None:
    run = left_run(tiny, 5)
    leave_session(tiny, run, {"title": "Edited", "seed": 6, "code.size": 9}, step=5)
    student = open_window(small)
    window = restores(student)
    assert window.document.experiment.code.size == 9  # at once
    student.sees(lambda: window.session.has_run and student.step == 5)
    assert window.document.experiment == replace_all(tiny, {"title": "Edited", "seed": 6, "code.size": 9})
    assert window.document.modified and not window.document.undo_stack.canUndo()
    assert {"seed", "code.size"} <= {*window.session.older}
    assert window.session.experiment == tiny
    student.sees(lambda: not window.loading.busy and only_this_one_is_kept(student))
    window.actions_["undo"].trigger()
    assert window.document.experiment.code.size == 9


def test_that_live_edits_reach_the_restored_run(
    open_window: OpenWindow, small: Experiment, tiny: Experiment
) -> None:
    run = left_run(tiny, 5)
    leave_session(tiny, run, {"noise.sigma": 0.7}, step=5)
    student = open_window(small)
    window = restores(student)
    student.sees(lambda: window.session.has_run and student.step == 5)
    student.sees(lambda: window.session.snapshot.experiment.noise.sigma == 0.7)
    assert not window.session.older
    assert [(m.step, m.path) for m in window.session.snapshot.curves.marks] == [(5, "noise.sigma")]


def test_that_a_run_whose_data_are_missing_is_told_and_left_alone(
    open_window: OpenWindow, small: Experiment, tiny: Experiment, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("a,b,c\n" + "".join(f"{n},{n % 7},{n % 5}\n" for n in range(200)))
    mine = replace_all(tiny, {"data.source": TableSource(path=str(table)).model_dump(), "data.train": None})
    run = left_run(mine, 3)
    before = read_files(run, (CHECKPOINT, HISTORY, WEIGHTS))
    leave_session(mine, run, {"title": "Without its table"}, step=3)
    table.unlink()
    student = open_window(small)
    window = restores(student)
    student.sees(lambda: window.messages.current is not None and window.messages.current.key == "file")
    assert f"The run in {run} could not be put on screen" in window.messages.current.text
    assert str(table) in window.messages.current.text
    assert window.document.experiment.title == "Without its table" and window.document.modified
    assert is_free(run) and not window.session.has_run
    student.sees(lambda: only_this_one_is_kept(student))
    window.document.edit_all({"data.source": "digits", "data.train": 100}, "use other data")
    student.sees(lambda: not window.loading.busy and window.session.can_start)
    assert not window.session.has_run  # nothing was waiting for these
    student.clicks_tool("step")
    student.sees(lambda: student.step == 1)
    window.session.settle()
    assert read_files(run, (CHECKPOINT, HISTORY, WEIGHTS)) == before


def test_that_a_run_that_is_gone_leaves_the_experiment(
    open_window: OpenWindow, small: Experiment, tiny: Experiment
) -> None:
    run = left_run(tiny, 3)
    leave_session(tiny, run, {"title": "Alone"}, step=3)
    shutil.rmtree(run)
    student = open_window(small)
    window = restores(student)
    student.sees(lambda: window.messages.current is not None and window.messages.current.key == "file")
    assert f"{run}: is not the folder of a run" in window.messages.current.text
    assert window.document.experiment.title == "Alone" and window.document.modified
    student.sees(lambda: only_this_one_is_kept(student))
    assert not run.exists()


@pytest.mark.parametrize("why", ["somebody else goes on with it", "it cannot be written"])
def test_that_a_run_that_cannot_be_claimed_goes_on_in_a_new_folder(
    open_window: OpenWindow, small: Experiment, tiny: Experiment, runs: Path, why: str
) -> None:
    run = left_run(tiny, 3)
    leave_session(tiny, run, step=3)
    other = RunFolder.open(run)
    if why == "it cannot be written":
        (run / ".lock").mkdir()
    else:
        other.claim()
    before = read_files(run, (CHECKPOINT, HISTORY, WEIGHTS))
    student = open_window(small)
    window = restores(student)
    student.sees(lambda: window.session.has_run and student.step == 3)
    assert "What is trained from now on goes to a new folder." in window.messages.current.text
    student.sees(lambda: only_this_one_is_kept(student))
    assert window.autosave._session().run == run  # still the one to go on from
    student.clicks_tool("step")
    student.sees(lambda: student.step == 4)
    window.session.settle()
    assert window.session.recording.folder_of(window.session.recording.current) != run
    assert len([*runs.iterdir()]) == 2
    assert read_files(run, (CHECKPOINT, HISTORY, WEIGHTS)) == before
    other.release()


def test_that_a_run_that_had_diverged_is_shown_and_does_not_go_on(
    open_window: OpenWindow, small: Experiment, tiny: Experiment
) -> None:
    wild = replace_all(
        tiny,
        {
            "noise.kind": "none",
            "architecture.encoder": [],
            "architecture.output": "linear",
            "training.optimizer.kind": "sgd",
            "training.epochs": 100,
            "training.rate": 750.0,
        },
    )
    trainer = Trainer(wild, load_dataset(wild.data, wild.seed))
    with pytest.raises(Diverged):
        for _ in trainer:
            pass
    with RunFolder.create(wild) as folder:
        folder.write_state(trainer)
    leave_session(wild, folder.path, step=trainer.step)
    student = open_window(small)
    window = restores(student)
    student.sees_state(State.STOPPED)
    assert "cannot go on" in window.messages.current.text
    student.sees(lambda: only_this_one_is_kept(student))


def test_that_a_damaged_checkpoint_is_told_and_lets_go_of_the_folder(
    open_window: OpenWindow, small: Experiment, tiny: Experiment
) -> None:
    run = left_run(tiny, 3)
    (run / CHECKPOINT).write_bytes((run / CHECKPOINT).read_bytes()[:-200])
    leave_session(tiny, run, {"title": "Torn"}, step=3)
    student = open_window(small)
    window = restores(student)
    student.sees(lambda: any(m.kind == "error" for m in window.messages._messages))
    student.sees(lambda: only_this_one_is_kept(student))
    assert window.document.experiment.title == "Torn" and not window.session.has_run
    assert is_free(run)


def test_that_closing_before_the_run_is_there_leaves_it_to_the_next_window(
    open_window: OpenWindow, small: Experiment, tiny: Experiment
) -> None:
    run = left_run(tiny, 3)
    leave_session(tiny, run, step=3)
    student = open_window(small)
    window = restores(student)
    window.close()
    assert window.closed and is_free(run)
    (left,) = left_sessions()
    assert left.session.run == run
    left.leave()
    second = restores(open_window(small))
    student.sees(lambda: second.session.has_run and second.session.snapshot.step == 3)


def test_that_two_that_are_restored_one_after_the_other_are_both_safe(
    open_window: OpenWindow, small: Experiment, tiny: Experiment
) -> None:
    others = [replace_all(tiny, {"seed": seed}) for seed in (1, 2)]
    paths = [left_run(other, 3) for other in others]
    for other, run in zip(others, paths, strict=True):
        leave_session(other, run, step=3)
    student = open_window(small)
    window = student.window
    student.sees(lambda: len(window.recovery.left) == 2)
    first, second = window.recovery.left
    window.recovery.restore(first)
    window.recovery.restore(second)
    assert window.recovery.left == [first]
    student.sees(lambda: window.session.has_run and window.session.snapshot.experiment.seed == 1)
    student.sees(lambda: window.recovery._restored is None)
    assert is_free(paths[1]) and not is_free(paths[0])
    window.document.undo_stack.setClean()
    window.close()
    (left,) = left_sessions()
    assert left.session.experiment.seed == 2


def test_that_the_run_on_screen_is_written_before_another_one_is_restored(
    open_window: OpenWindow, small: Experiment, tiny: Experiment, runs: Path
) -> None:
    run = left_run(tiny, 3)
    leave_session(tiny, run, step=3)
    student = open_window(replace_all(small, {"data.train": 200, "data.test": 30}))
    student.clicks_tool("play")
    student.sees(lambda: student.window.session.present is not None and student.step > 20)
    window = restores(student)
    student.sees(lambda: window.session.state is State.PAUSED and student.step == 3)
    student.sees(lambda: only_this_one_is_kept(student))
    (mine,) = [path for path in runs.iterdir() if path != run]
    student.sees(lambda: has(mine, CHECKPOINT) and is_free(mine))
    trainer = Trainer(RunFolder.open(mine).experiment(), load_dataset(small.data, small.seed))
    assert trainer.experiment.title == small.title


def test_that_unsaved_changes_are_asked_about_before_restoring(
    open_window: OpenWindow, small: Experiment, tiny: Experiment
) -> None:
    leave_session(tiny, None, {"title": "From before"})
    student = open_window(small)
    window = student.window
    student.sees(lambda: len(window.recovery.left) == 1)
    window.document.edit("title", "Typed just now")
    student.answers(QMessageBox.StandardButton.Cancel, lambda: student.clicks(window.messages.button))
    assert window.document.experiment.title == "Typed just now" and len(window.recovery.left) == 1
    student.answers(
        QMessageBox.StandardButton.Discard,
        lambda: window.recovery.restore(window.recovery.left[0]),
    )
    assert window.document.experiment.title == "From before"
