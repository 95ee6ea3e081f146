"""The folder of a run: its name, whose it is, and what it gives back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from aegui.data.dataset import Dataset
from aegui.data.load import load_dataset
from aegui.errors import InvalidInput, OperationFailed
from aegui.runs.folder import RunFolder, runs_folder, slug
from aegui.runs.names import CHECKPOINT, WEIGHTS
from aegui.runs.record import record
from aegui.spec import Data, Experiment
from aegui.training.trainer import Trainer

TrainerOf = Callable[..., Trainer]
ExperimentOf = Callable[..., Experiment]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Denoising handwritten digits", "denoising-handwritten-digits"),
        ("  Größe & Café: 2 to 3!  ", "groe-cafe-2-to-3"),
        ("../../etc/passwd", "etc-passwd"),
        ("", "run"),
        ("自编码器", "run"),
        ("a" * 59 + " bcd", "a" * 59),
        ("CON.", "con"),
    ],
)
def test_that_a_title_becomes_part_of_a_file_name(title: str, expected: str) -> None:
    assert slug(title) == expected
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?", slug(title))


def test_that_a_run_without_a_place_goes_under_the_runs_folder(tiny: ExperimentOf, runs: Path) -> None:
    assert runs_folder() == runs
    first, second = RunFolder.create(tiny()), RunFolder.create(tiny())
    assert first.path != second.path and {first.path.parent, second.path.parent} == {runs}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-tiny-digits(-\d+)?", first.path.name)
    assert first.experiment() == tiny()


def test_that_runs_go_to_the_users_data_folder_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AEGUI_RUNS")
    assert runs_folder().parts[-2:] == ("aegui", "runs") and runs_folder().is_absolute()


def test_that_a_folder_is_made_if_missing_and_may_hold_other_files(
    tiny: ExperimentOf, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert RunFolder.create(tiny(), tmp_path).exists()
    assert RunFolder.create(tiny(), tmp_path / "new" / "deeper").exists()
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_that_another_run_is_not_overwritten(tiny: ExperimentOf, tmp_path: Path) -> None:
    RunFolder.create(tiny(), tmp_path / "run")
    with pytest.raises(InvalidInput, match="run: holds another run; continue it with --resume, or"):
        RunFolder.create(tiny({"seed": 1}), tmp_path / "run")
    assert RunFolder.open(tmp_path / "run").experiment().seed == 0


def test_that_a_file_is_no_folder_for_a_run(tiny: ExperimentOf, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InvalidInput, match="file: must be a folder, is a file"):
        RunFolder.create(tiny(), tmp_path / "file")
    with pytest.raises(OperationFailed, match="cannot be written"):
        RunFolder.create(tiny(), tmp_path / "file" / "run")


@pytest.mark.parametrize("below", ["", "deeper"])
def test_that_a_runs_folder_that_cannot_be_is_told_with_a_way_out(
    tiny: ExperimentOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    (tmp_path / "file").write_text("mine")
    monkeypatch.setenv("AEGUI_RUNS", str(tmp_path / "file" / below))
    with pytest.raises(OperationFailed, match=r"file.*(must be a folder for runs|choose another folder)"):
        RunFolder.create(tiny())


@pytest.mark.parametrize("name", ["nothing", "empty"])
def test_that_a_folder_without_a_run_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidInput, match=f"{name}: is not the folder of a run: it has no experiment.toml"):
        RunFolder.open(tmp_path / name)


def written(trainer: Trainer, path: Path) -> RunFolder:
    folder = RunFolder.create(trainer.experiment, path)
    record(trainer).keep(folder)
    return folder


def test_that_the_network_comes_back_as_it_was(trainer_of: TrainerOf, tmp_path: Path) -> None:
    trainer = trainer_of()
    next(trainer)
    model = written(trainer, tmp_path / "run").model(trainer.dataset)
    assert not model.training
    for mine, theirs in zip(model.parameters(), trainer.model.parameters(), strict=True):
        assert torch.equal(mine, theirs)


def test_that_a_state_goes_on_where_it_stopped(trainer_of: TrainerOf, tmp_path: Path) -> None:
    stopped, whole, again = trainer_of(), trainer_of(), trainer_of()
    for _ in range(5):
        next(stopped)
    folder = RunFolder.create(stopped.experiment, tmp_path / "run")
    folder.write_state(stopped)
    folder.restore(again)
    assert [*again] == [*range(6, 13)] and [*whole]
    assert torch.equal(again.model.code.weight, whole.model.code.weight)


@pytest.mark.parametrize("damage", ["missing", "cut", "other", "flipped", "of another run"])
def test_that_damaged_weights_are_refused(trainer_of: TrainerOf, tmp_path: Path, damage: str) -> None:
    trainer = trainer_of()
    folder = written(trainer, tmp_path / "run")
    path = folder.path / WEIGHTS
    data = path.read_bytes()
    match damage:
        case "missing":
            path.unlink()
        case "cut":
            path.write_bytes(data[:-1])
        case "other":
            path.write_bytes(b"{}")
        case "flipped":
            path.write_bytes(data[:-1] + bytes([data[-1] ^ 64]))
        case "of another run":
            other = written(trainer_of({"code.size": 5}), tmp_path / "other")
            path.write_bytes((other.path / WEIGHTS).read_bytes())
    with pytest.raises(InvalidInput) as caught:
        folder.model(trainer.dataset)
    assert str(caught.value).startswith(str(path)) and len(str(caught.value).splitlines()) == 1


def test_that_a_network_does_not_fit_data_of_another_shape(trainer_of: TrainerOf, tmp_path: Path) -> None:
    folder = written(trainer_of(), tmp_path / "run")
    mnist: Dataset = load_dataset(Data(train=20, test=20), 0)
    with pytest.raises(InvalidInput, match="does not fit the experiment beside it"):
        folder.model(mnist)


def test_that_a_run_without_a_checkpoint_cannot_go_on(trainer_of: TrainerOf, tmp_path: Path) -> None:
    folder = RunFolder.create(trainer_of().experiment, tmp_path / "run")
    with pytest.raises(InvalidInput, match=rf"{Path(CHECKPOINT).name}: cannot be read"):
        folder.restore(trainer_of())
