"""What was packed on one machine is the same on another: experiments, data, and runs that go on."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from senders import CLASSES, KINDS, Make, begun_run, own_data, own_experiment

from aegui.analysis.metrics import model_metrics, subject_of
from aegui.data.load import load_dataset
from aegui.errors import InvalidInput
from aegui.runs.folder import RunFolder
from aegui.runs.names import FRAMES, METRICS, NOTES
from aegui.runs.package.contents import DATA
from aegui.runs.package.packing import data_size, pack_experiment, pack_run
from aegui.runs.package.unpacking import Unpacked, experiment_of, unpack
from aegui.runs.run_list import list_runs, read_notes, write_notes
from aegui.spec import Experiment, older_paths, replace_all
from aegui.training.checkpoint import checkpoint_bytes, read_checkpoint
from aegui.training.trainer import Trainer


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The sender's folder, which is gone when the package is opened."""
    return tmp_path / "geheim-von-anna"


def resumed(run: Path) -> Trainer:
    folder = RunFolder.open(run)
    experiment = folder.experiment()
    trainer = Trainer(experiment, load_dataset(experiment.data, experiment.seed))
    folder.restore(trainer)
    return trainer


def assert_equal_runs(one: Trainer, other: Trainer) -> None:
    a, b = (read_checkpoint(checkpoint_bytes(t), "")[1] for t in (one, other))
    assert a.keys() == b.keys()
    assert all(torch.equal(a[name], b[name]) for name in a)


def everything_in(package: Path) -> bytes:
    """Names and contents, unpacked, one after the other."""
    with zipfile.ZipFile(package) as archive:
        return package.read_bytes() + b"".join(archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("kind", ["digits", *KINDS])
def test_that_an_unpacked_run_measures_and_goes_on_bitwise_as_the_one_that_was_packed(
    kind: str, tiny: Make, home: Path, tmp_path: Path
) -> None:
    experiment = tiny() if kind == "digits" else own_experiment(tiny, kind, home / "data")
    trainer = begun_run(experiment, home / "run", steps=3)
    write_notes(home / "run", ["gut"], "eine Notiz")
    package = tmp_path / "sent.aegui"
    assert pack_run(home / "run", package, data=True).has_data == (kind != "digits")
    before = (home / "run" / METRICS).read_bytes()
    frames = RunFolder.open(home / "run").frames()
    shutil.rmtree(home)

    unpacked = unpack(package)
    assert not unpacked.missing and unpacked.contents.kind == "run"
    assert (unpacked.folder / METRICS).read_bytes() == before
    assert read_notes(unpacked.folder).note == "eine Notiz"
    again = RunFolder.open(unpacked.folder).frames()
    assert list(again.steps) == list(frames.steps)
    for step in frames.steps:
        one, other = frames.nearest(step), again.nearest(step)
        assert one is not None and other is not None
        assert all(torch.equal(one.weights[k], other.weights[k]) for k in one.weights)
    copy = resumed(unpacked.folder)
    again.check(copy, FRAMES)
    assert_equal_runs(trainer, copy)
    assert np.array_equal(
        trainer.dataset.scaled(trainer.dataset.train), copy.dataset.scaled(copy.dataset.train)
    )
    for _ in range(4):
        next(trainer)
        next(copy)
    assert_equal_runs(trainer, copy)
    ours, theirs = (model_metrics(subject_of(t), probe=False) for t in (trainer, copy))
    assert ours["test"] == theirs["test"]


@pytest.mark.parametrize("kind", KINDS)
def test_that_an_experiment_brings_its_data(kind: str, tiny: Make, home: Path, tmp_path: Path) -> None:
    experiment = own_experiment(tiny, kind, home)
    data = load_dataset(experiment.data, experiment.seed)
    size = pack_experiment(experiment, tmp_path / "e.aegui", data=True).size
    assert 0 < data_size(experiment) < size
    shutil.rmtree(home)
    unpacked = unpack(tmp_path / "e.aegui")
    found = load_dataset(unpacked.experiment.data, unpacked.experiment.seed)
    assert np.array_equal(data.scaled(data.train), found.scaled(found.train))
    assert np.array_equal(data.scaled(data.test), found.scaled(found.test))
    assert found.classes == data.classes and (kind in ("idx", "array") or set(found.classes) == set(CLASSES))
    assert not (unpacked.folder / DATA / "bilder" / "notes.txt").exists()


def test_that_an_experiment_on_named_data_needs_no_others(tiny: Make, tmp_path: Path) -> None:
    contents = pack_experiment(tiny(), tmp_path / "e.aegui", data=True)
    assert list(contents.files) == ["experiment.toml"] and data_size(tiny()) == 0
    assert experiment_of(tmp_path / "e.aegui")[1] == tiny()
    assert unpack(tmp_path / "e.aegui").experiment == tiny()


def test_that_a_run_without_its_data_names_what_is_missing_and_goes_on_where_they_are(
    tiny: Make, home: Path, tmp_path: Path
) -> None:
    trainer = begun_run(own_experiment(tiny, "idx", home / "data"), home / "run", steps=2)
    pack_run(home / "run", tmp_path / "r.aegui")
    unpacked = unpack(tmp_path / "r.aegui")
    assert [Path(p).relative_to(unpacked.folder).as_posix() for p in unpacked.missing] == [
        "data/x",
        "data/y",
        "data/x-2",
        "data/y-2",
    ]
    found = {f"data.source.{k}": v for k, v in own_data("idx", tmp_path / "own").items() if k != "kind"}
    placed = replace_all(unpacked.experiment, found)
    assert older_paths(unpacked.experiment, placed)
    copy = Trainer(placed, load_dataset(placed.data, placed.seed))
    RunFolder.open(unpacked.folder).restore(copy)
    next(trainer), next(copy)
    assert_equal_runs(trainer, copy)


@pytest.mark.parametrize("kind", KINDS)
def test_that_nothing_in_a_package_tells_where_or_by_whom_it_was_made(
    kind: str, tiny: Make, home: Path, tmp_path: Path
) -> None:
    begun_run(own_experiment(tiny, kind, home / "data"), home / "run", steps=2)
    for data in (False, True):
        pack_run(home / "run", tmp_path / "r.aegui", data=data)
        content = everything_in(tmp_path / "r.aegui")
        assert kind == "pictures" or b"data/" in content
        secrets = (home.name, str(tmp_path), tmp_path.name, f"/{getpass.getuser()}/")
        for secret in secrets:
            assert secret.encode() not in content
            assert json.dumps(secret).strip('"').encode() not in content
        assert b"nobody's business" not in content


def test_that_the_same_run_gives_the_same_bytes(tiny: Make, home: Path, tmp_path: Path) -> None:
    begun_run(own_experiment(tiny, "pictures", home / "data"), home / "run", steps=2)
    for name in "ab":
        pack_run(home / "run", tmp_path / f"{name}.aegui", data=True)
    assert (tmp_path / "a.aegui").read_bytes() == (tmp_path / "b.aegui").read_bytes()
    unpacked = unpack(tmp_path / "a.aegui")
    pack_run(unpacked.folder, tmp_path / "c.aegui", data=True)
    assert (tmp_path / "a.aegui").read_bytes() == (tmp_path / "c.aegui").read_bytes()


def test_that_runs_go_to_the_runs_folder_under_names_of_their_own(
    tiny: Make, home: Path, tmp_path: Path, runs: Path
) -> None:
    begun_run(tiny({"title": "../Zürich: 100 %"}), home / "run", steps=1)
    pack_run(home / "run", tmp_path / "r.aegui")
    folders = [unpack(tmp_path / "r.aegui").folder for _ in range(3)]
    assert len({*folders}) == 3 and {f.parent for f in folders} == {runs}
    assert all("zurich-100" in f.name for f in folders)
    assert not [p for p in runs.iterdir() if p not in folders]


def test_that_what_is_there_is_not_touched(tiny: Make, tmp_path: Path) -> None:
    pack_experiment(tiny(), tmp_path / "e.aegui")
    (tmp_path / "there").mkdir()
    with pytest.raises(InvalidInput, match="is there already"):
        unpack(tmp_path / "e.aegui", tmp_path / "there")
    assert not any((tmp_path / "there").iterdir())


def test_that_data_that_are_gone_cannot_be_packed(tiny: Make, home: Path, tmp_path: Path) -> None:
    experiment = own_experiment(tiny, "table", home)
    shutil.rmtree(home)
    with pytest.raises(InvalidInput, match="there is no such file or folder"):
        pack_experiment(experiment, tmp_path / "e.aegui", data=True)
    assert not (tmp_path / "e.aegui").exists()
    pack_experiment(experiment, tmp_path / "e.aegui")


def test_that_what_a_killed_process_has_left_is_no_run_and_goes_after_a_day(
    tiny: Make, home: Path, tmp_path: Path, runs: Path
) -> None:
    begun_run(tiny(), home / "run", steps=1)
    pack_run(home / "run", tmp_path / "r.aegui")
    for name in ("old", "new"):
        shutil.copytree(home / "run", runs / f".unpacking-{name}")
    yesterday = time.time() - 25 * 3600
    os.utime(runs / ".unpacking-old", (yesterday, yesterday))
    folder = unpack(tmp_path / "r.aegui").folder
    assert {p.name for p in runs.iterdir()} == {".unpacking-new", folder.name}
    assert [run.path for run in list_runs(runs).runs] == [folder]


class GivenUp(Exception):
    """As a window's Cancel."""


def give_up_at(share: float) -> Callable[[int, int], None]:
    def check(done: int, total: int) -> None:
        if done >= share * total:
            raise GivenUp

    return check


def test_that_what_is_given_up_leaves_nothing(tiny: Make, home: Path, tmp_path: Path, runs: Path) -> None:
    begun_run(own_experiment(tiny, "pictures", home / "data"), home / "run", steps=1)
    package = tmp_path / "r.aegui"
    for share in (0.0, 0.5, 1.0):
        with pytest.raises(GivenUp):
            pack_run(home / "run", package, data=True, check=give_up_at(share))
        assert not package.exists()
    pack_run(home / "run", package, data=True)
    content = package.read_bytes()
    for share in (0.0, 0.5, 1.0):
        with pytest.raises(GivenUp):
            unpack(package, check=give_up_at(share))
        with pytest.raises(GivenUp):
            pack_run(home / "run", package, data=True, check=give_up_at(share))
    assert not any(runs.iterdir()) and package.read_bytes() == content
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


def test_that_progress_goes_up_to_all(tiny: Make, home: Path, tmp_path: Path) -> None:
    experiment = own_experiment(tiny, "pictures", home)
    seen: list[tuple[int, int]] = []
    pack_experiment(experiment, tmp_path / "e.aegui", data=True, check=lambda a, b: seen.append((a, b)))
    for done in (seen, told := []):
        if done is told:
            unpack(tmp_path / "e.aegui", check=lambda a, b: told.append((a, b)))
        assert done == sorted(done) and done[-1][0] == done[-1][1] and len({t for _, t in done}) == 1


def test_that_a_run_without_metrics_and_moments_can_be_sent(tiny: Make, home: Path, tmp_path: Path) -> None:
    begun_run(tiny(), home / "run", steps=1)
    for name in (METRICS, FRAMES):
        (home / "run" / name).unlink()
    pack_run(home / "run", tmp_path / "r.aegui")
    unpacked = unpack(tmp_path / "r.aegui")
    assert not (unpacked.folder / METRICS).exists() and not (unpacked.folder / NOTES).exists()
    assert isinstance(unpacked, Unpacked) and resumed(unpacked.folder).step == 1


def test_that_a_run_that_never_began_says_so(tiny: Callable[..., Experiment], tmp_path: Path) -> None:
    with RunFolder.create(tiny(), tmp_path / "run"):
        pass
    with pytest.raises(InvalidInput, match="cannot be read"):
        pack_run(tmp_path / "run", tmp_path / "r.aegui")
