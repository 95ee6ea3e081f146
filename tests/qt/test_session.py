"""The session: what follows one another too fast, and what has to be left alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.qt.document import Document
from aegui.qt.example import load_example
from aegui.qt.session import Session, State
from aegui.spec import Experiment, load, replace_all
from aegui.spec.presets import preset
from aegui.training.snapshot import Wishes

Tiny = Callable[..., Experiment]
Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def until(qtbot: QtBot) -> Until:
    """Waits until something is so."""
    return lambda condition: qtbot.waitUntil(condition, timeout=30_000)


@pytest.fixture
def document(tiny: Tiny, tiny_digits: Dataset) -> Document:
    """The tiny experiment with its data, long enough not to end by itself."""
    document = Document(tiny({"training.epochs": 100_000, "noise.kind": "gaussian"}))
    document.set_dataset(tiny_digits)
    return document


@pytest.fixture
def session(qtbot: QtBot, document: Document) -> Iterator[Session]:
    """A session without a window."""
    session = Session(document)
    yield session
    if session._timer.isActive():
        session.settle()
        session.end()


def play(session: Session, until: Until, steps: int = 1) -> None:
    """Trains until at least so many steps are on screen."""
    session.toggle()
    until(lambda: session.running and session.has_run and session.snapshot.step >= steps)


def until_hurried(session: Session) -> Callable[[], object]:
    """Work that lasts until the session is about to end, holding nothing of Qt."""
    hurried = threading.Event()
    hurry = session.recording.hurry
    session.recording.hurry = lambda: (hurry(), hurried.set())  # type: ignore[method-assign]
    return lambda: hurried.wait(30.0)


def agree(session: Session) -> bool:
    """Whether the session says of the run what the worker does, once all is done that was asked."""
    for _ in range(2):  # what is answered may lead to a further wish
        session._worker.settle()
        session._fetch()
    session._worker.settle()
    trainer = session._worker._trainer
    assert trainer is not None
    return session.running == session._worker._stepping and trainer.experiment == session.experiment


def test_that_play_right_after_reset_trains(session: Session, until: Until) -> None:
    play(session, until)
    session.reset()
    session.toggle()
    assert session.running and agree(session) and session.running
    until(lambda: session.snapshot.step > 0)


def test_that_pause_before_the_run_is_ready_is_heard(session: Session, until: Until) -> None:
    session.toggle()
    session.toggle()
    assert session.state is State.PAUSED and agree(session)
    assert session.state is State.PAUSED and session.snapshot.step == 0


def test_that_a_live_change_right_after_reset_reaches_the_new_run(
    session: Session, document: Document, until: Until
) -> None:
    play(session, until)
    session.reset()
    document.edit("noise.sigma", 0.9)
    assert agree(session)
    assert session.experiment.noise.sigma == 0.9 and session.older == ()


def test_that_resetting_again_and_again_writes_the_replaced_run_once(
    session: Session, until: Until, runs: Path
) -> None:
    play(session, until, steps=10)
    for _ in range(3):
        session.reset()
    until(lambda: any(runs.glob("*/figures/latent.png")))
    assert agree(session)
    session.recording.wait()
    (metrics,) = runs.glob("*/metrics.json")
    assert json.loads(metrics.read_text())["steps"] >= 10


def test_that_a_whole_snapshot_follows_a_hurried_one(
    document: Document, session: Session, until: Until
) -> None:
    """Of a live change as well as of an earlier moment, when the run stands still."""
    play(session, until, steps=20)
    session.toggle()
    until(lambda: not session.running)
    document.edit("noise.sigma", 0.9)
    until(lambda: session.snapshot.experiment.noise.sigma == 0.9 and not session.snapshot.hurried)
    assert session.snapshot.errors_step is None and session.snapshot.codes.step == session.snapshot.step
    first, second = session.snapshot.frames[[0, -2]].tolist()
    session.replay(first)
    session.replay(second)  # before the first has been found out
    until(lambda: session.replaying and session.snapshot.step == second and not session.snapshot.hurried)
    assert session.snapshot.errors_step is None and session.snapshot.codes.step == second


def test_that_the_end_of_a_run_does_not_count_for_the_one_after_it(
    session: Session, document: Document, runs: Path
) -> None:
    document.edit("training.epochs", 1)
    session.toggle()
    session._worker.settle()
    session._fetch()
    session._worker.settle()
    while session._worker._stepping:
        session._worker.settle()  # its last answer lies there unread
    session.reset()
    assert agree(session) and session.state is State.PAUSED
    session.recording.wait()
    assert not any(json.loads(m.read_text())["steps"] == 0 for m in runs.glob("*/metrics.json"))


def test_that_the_present_is_known_though_an_earlier_moment_took_its_place(
    session: Session, until: Until
) -> None:
    play(session, until, 5)
    session.replay(0)
    assert agree(session) and session.replaying and session.snapshot.step == 0
    assert session.present.step == session._worker._trainer.step >= 5


def test_that_fewer_epochs_than_were_done_finish_the_run(
    session: Session, document: Document, until: Until
) -> None:
    play(session, until, steps=10)
    document.edit("training.epochs", 1)
    until(lambda: session.state is State.FINISHED)
    document.edit("training.epochs", 100_000)
    session.toggle()
    step = session.snapshot.step
    until(lambda: session.running and session.snapshot.step > step)


def test_that_more_epochs_prolong_a_run_that_goes_on(
    session: Session, document: Document, until: Until
) -> None:
    document.edit("training.epochs", 500)
    play(session, until)
    document.edit("training.epochs", 510)
    until(lambda: not session.running)
    assert session.state is State.FINISHED and session.snapshot.epoch == 510


def test_that_a_run_that_cannot_be_made_leaves_nothing_to_save(
    session: Session, document: Document, until: Until, runs: Path
) -> None:
    session.step()
    until(lambda: session.state is State.PAUSED and session.snapshot.step == 1)
    document.edit("training.device", "mps")
    session.toggle()
    until(lambda: session.state is State.STOPPED)
    assert session.snapshot is None and not session.has_run
    session.settle()
    assert not runs.exists()


def test_that_a_run_of_an_older_experiment_is_left_alone(
    session: Session, document: Document, until: Until
) -> None:
    run = document.experiment
    play(session, until)
    other = replace_all(preset("sparse").experiment, {"training.rate": 0.5, "training.epochs": 1})
    document.put(replace_all(other, {"data": run.data}), "choose another type")
    assert agree(session) and session.running
    assert session.experiment == run and session.older
    document.undo_stack.undo()
    document.edit("training.rate", 0.25)
    assert agree(session) and session.experiment.training.rate == 0.25


def test_that_the_example_stays_away_once_it_was_dropped(
    qtbot: QtBot, tiny_digits: Dataset, until: Until
) -> None:
    example = load_example()
    document = Document(example.experiment)
    session = Session(document)
    session.show_example(example)
    document.set_dataset(load_dataset(example.experiment.data, 0))
    session.data_arrived(document.dataset)
    until(lambda: session._worker._trainer is not None)
    document.edit("data.source", "digits")
    session.data_arrived(None)
    shown: list[object] = []
    session.snapshot_taken.connect(lambda snapshot, _now: shown.append(snapshot))
    session._worker.refresh()
    session._worker.settle()
    session._fetch()
    assert session.state is State.EMPTY and session.snapshot is None and shown == []
    session.end()


def test_that_a_refused_folder_is_not_tried_again(
    session: Session, document: Document, until: Until, runs: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "experiment.toml").write_text('title = "of somebody else"')
    session.step()
    until(lambda: session.state is State.PAUSED)
    errors: list[Exception] = []
    session.failed.connect(lambda error, _trace: errors.append(error))
    session.save_run(taken)
    until(lambda: bool(errors))
    session.settle()
    assert "holds another run" in str(errors[0]) and len(errors) == 1
    assert len(list(runs.iterdir())) == 1


def test_that_a_run_can_be_saved_to_its_own_folder_again(
    session: Session, until: Until, tmp_path: Path
) -> None:
    for steps in (1, 2):
        session.step()
        until(lambda n=steps: session.state is State.PAUSED and session.snapshot.step == n)
        session.save_run(tmp_path / "mine")
        session._worker.settle()
        session._fetch()
        session.recording.wait()
    metrics = json.loads((tmp_path / "mine" / "metrics.json").read_text())
    assert metrics["steps"] == 2 and load(tmp_path / "mine" / "experiment.toml") == session.experiment


def test_that_a_run_gets_its_baselines_though_other_data_were_asked_for_meanwhile(
    session: Session, document: Document, until: Until, tiny: Tiny
) -> None:
    session.step()
    session.data_arrived(load_dataset(tiny({"data.train": 50}).data, 0))
    until(lambda: session.has_run and session.snapshot.baselines.pca_mse is not None)


def test_that_what_waits_to_be_measured_at_the_end_is_measured_in_short(
    session: Session, until: Until, tmp_path: Path
) -> None:
    session.step()
    until(lambda: session.state is State.PAUSED)
    session.recording._describing.run(until_hurried(session), lambda _: None, lambda *_: None)
    session.save_run(tmp_path / "mine")  # which is measured after that
    session.settle()
    assert (tmp_path / "mine" / "weights.safetensors").exists()
    session.end()
    metrics = json.loads((tmp_path / "mine" / "metrics.json").read_text())
    assert metrics["steps"] == 1 and "probe" not in metrics


def test_that_memory_that_is_out_for_a_checkpoint_does_not_end_training(
    session: Session, until: Until, monkeypatch: pytest.MonkeyPatch, runs: Path
) -> None:
    def none_left(*_: object, **__: object) -> bytes:
        raise MemoryError

    play(session, until)  # before, the model layer is not imported
    import aegui.runs.state as state
    import aegui.training.tensor_file as tensor_file

    told: list[str] = []
    session.noted.connect(told.append)
    kept: list[int] = []
    session.recording.kept.connect(lambda _path, step: kept.append(step))
    with monkeypatch.context() as patch:
        patch.setattr(tensor_file, "save", none_left)
        patch.setattr(state, "SOONEST", 0.05)
        patch.setattr(state, "SHARE", 1e9)
        until(lambda: bool(told))
        assert "memory is out" in told[0] and session.running
        patch.undo()
        patch.setattr(state, "SOONEST", 0.05)
        patch.setattr(state, "SHARE", 1e9)
        until(lambda: bool(kept))
    until(lambda: session.present is not None and session.present.step >= kept[0])
    assert session.running


def test_that_a_snapshot_that_is_due_does_not_end_the_haste(session: Session, until: Until) -> None:
    """Who moves a slider while training waits for the snapshot that follows from it."""
    play(session, until)
    seen, timer = list[tuple[bool, int]](), session._timer
    session.snapshot_taken.connect(lambda taken, _now: seen.append((taken.hurried, timer.interval())))
    usual = timer.interval()
    timer.hasten()
    hasty = timer.interval()
    until(lambda: timer.hasten() or bool(seen))  # again and again: the next one may be a second away
    assert seen[0] == (False, hasty) and hasty < usual
    for row in range(12):  # at an epoch's end there is nothing older to show, and none is a hurried one
        session.wish(Wishes(pictures=(row,)))
        until(lambda row=row: shows(session, row))
    hurried = [interval for is_hurried, interval in seen if is_hurried]
    assert hurried and {*hurried} == {usual}


def shows(session: Session, row: int) -> bool:
    """Whether the picture on screen is that of a test sample."""
    pictures = session.snapshot.pictures if session.snapshot is not None else None
    return pictures is not None and pictures.indices.tolist() == [row]
