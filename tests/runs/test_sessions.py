"""What a window leaves is found by the next one, once, whole, and by nobody while the window lives."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aegui.errors import OperationFailed
from aegui.runs.sessions import Keeper, Session, left_sessions, sessions_folder
from aegui.spec import Experiment, dumps, save


def leave(session: Session) -> Path:
    """As a window that is killed; the file in which it is."""
    before = {*sessions_folder().glob("*/session.json")}
    Keeper().keep(session)  # with the object goes the process that holds the lock
    (file,) = {*sessions_folder().glob("*/session.json")} - before
    return file


def found() -> list[Session]:
    left = left_sessions()
    for each in left:
        each.leave()
    return [each.session for each in left]


@pytest.fixture
def session(tiny: Callable[..., Experiment], tmp_path: Path) -> Session:
    return Session(tiny({"title": "Straße 数字 😀"}), tmp_path / "mine.toml", True, tmp_path / "run", 1234)


def test_that_a_left_session_is_found_as_it_was(session: Session) -> None:
    leave(session)
    (back,) = found()
    assert (back.experiment, back.path, back.modified) == (session.experiment, session.path, True)
    assert (back.run, back.step) == (session.run, 1234) and back.when > 0


def test_that_it_is_nobodys_but_the_windows_while_that_lives(session: Session) -> None:
    keeper = Keeper()
    keeper.keep(session)
    assert left_sessions() == []
    keeper.drop()
    assert left_sessions() == [] and [*sessions_folder().iterdir()] == []
    keeper.keep(session)
    assert left_sessions() == []
    del keeper
    assert len(left_sessions()) == 1


def test_that_only_one_window_can_take_it(session: Session) -> None:
    leave(session)
    first = left_sessions()
    assert len(first) == 1 and left_sessions() == []
    first[0].leave()
    (second,) = left_sessions()
    second.drop()
    assert left_sessions() == [] and [*sessions_folder().iterdir()] == []


def test_that_the_newest_comes_first(tiny: Callable[..., Experiment]) -> None:
    for seed in (3, 1, 2):
        leave(Session(tiny({"seed": seed}), modified=True))
        time.sleep(0.002)
    assert [left.experiment.seed for left in found()] == [2, 1, 3]


def test_that_what_a_killed_window_had_begun_is_cleared_away(session: Session) -> None:
    leave(session)
    for name in ("empty", "half"):
        (sessions_folder() / name).mkdir()
        (sessions_folder() / name / ".lock").touch()
    (sessions_folder() / "half" / ".writing-0123").write_bytes(b"{")
    assert len(found()) == 1
    assert len([*sessions_folder().iterdir()]) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"experiment": 'format = 99\ntitle = "Of tomorrow"'},
        {"experiment": None},
        {"path": "a\0b"},
        {"run": 7},
        {"step": "many"},
        {"step": float("inf")},
        {"when": float("nan")},
        {"when": float("-inf")},
    ],
    ids=str,
)
def test_that_one_that_cannot_be_read_stays_and_hides_no_other(session: Session, change: Any) -> None:
    file = leave(session)
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    damaged = file.read_bytes()
    leave(session)
    for _ in range(2):  # nor does it stay claimed
        assert len(found()) == 1
    assert file.read_bytes() == damaged and [*file.parent.iterdir()] == [file]


@pytest.mark.parametrize("data", [b"", b"{", b"\xff" * 9, b"[" * 99_999, b"null", b"1" * 9999])
def test_that_rubbish_is_left_alone(session: Session, data: bytes) -> None:
    file = leave(session)
    file.write_bytes(data)
    leave(session)
    assert len(found()) == 1 and file.read_bytes() == data


def test_that_a_file_that_has_changed_or_gone_since_is_one_with_changes(
    tiny: Callable[..., Experiment], tmp_path: Path
) -> None:
    path, run = tmp_path / "mine.toml", tmp_path / "run"
    save(tiny(), path)
    leave(Session(tiny(), path, False, run))
    assert not found()[0].modified
    save(tiny({"seed": 9}), path)
    assert found()[0].modified
    path.unlink()
    assert found()[0].modified


def test_that_the_largest_experiment_can_be_restored(tiny: Callable[..., Experiment]) -> None:
    """In JSON a letter may take as much room as twelve."""
    classes = ["😀" * 240 + str(number) for number in range(1000)]
    experiment = tiny({"data.classes": classes})
    assert len(dumps(experiment).encode()) > 900_000
    leave(Session(experiment, modified=True))
    assert found()[0].experiment == experiment


def test_that_a_clock_that_goes_backwards_harms_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(session)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    leave(session)
    assert [left.when > 0 for left in found()] == [True, False]


def test_that_a_folder_that_vanishes_is_made_again_and_still_the_windows(session: Session) -> None:
    keeper = Keeper()
    keeper.keep(session)
    shutil.rmtree(sessions_folder().parent)
    keeper.keep(session)
    assert len([*sessions_folder().glob("*/session.json")]) == 1 and left_sessions() == []


def test_that_a_place_that_cannot_be_written_is_told(session: Session, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("not a folder")
    keeper = Keeper()
    with pytest.raises(OperationFailed, match="cannot be written: "):
        keeper.keep(session)
    keeper.drop()
    assert left_sessions() == []
    (tmp_path / "state").unlink()
    keeper.keep(session)
    del keeper
    assert len(found()) == 1


@pytest.mark.skipif(os.name != "posix", reason="links are a matter of POSIX")
def test_that_a_pipe_in_its_place_keeps_nobody_waiting(session: Session) -> None:
    file = leave(session)
    file.unlink()
    os.mkfifo(file)
    assert found() == []


def test_that_nothing_is_lost_while_others_look(tiny: Callable[..., Experiment]) -> None:
    """Windows come and go, and look for left sessions at any moment of that."""
    ended, wrong = threading.Event(), []
    keepers: list[Keeper] = []

    def look() -> None:
        while not ended.is_set():
            wrong.extend(left_sessions())

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for thread in lookers:
        thread.start()
    try:
        for seed in range(60):
            keeper = Keeper()
            keeper.keep(Session(tiny({"seed": seed}), modified=True))
            keepers.append(keeper)
            if seed % 3 == 0:  # back to nothing that could be lost, and on
                keeper.drop()
                keeper.keep(Session(tiny({"seed": seed}), modified=True))
    finally:
        ended.set()
        for thread in lookers:
            thread.join()
    assert wrong == [] and len([*sessions_folder().glob("*/session.json")]) == 60
    del keeper
    keepers.clear()
    assert sorted(left.experiment.seed for left in found()) == [*range(60)]
