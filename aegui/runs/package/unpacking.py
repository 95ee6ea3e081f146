"""Opens packages of others. Nothing of one is used before all of it was checked."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Size, Tensor

from aegui.data.fetching import cache_folder
from aegui.errors import InvalidInput, OperationFailed
from aegui.runs.folder import slug
from aegui.runs.metrics_file import parse_metrics
from aegui.runs.names import CHECKPOINT, EXPERIMENT, FRAMES, METRICS, WEIGHTS, runs_folder
from aegui.runs.package.archive import Archive, opened
from aegui.runs.package.contents import Contents
from aegui.runs.package.moving import Move, check_inside, moved_checkpoint, moved_frames
from aegui.spec import Experiment, dumps, loads, older_paths
from aegui.spec.files import source_paths, with_paths
from aegui.training.checkpoint import read_checkpoint
from aegui.training.frames import Frames
from aegui.training.tensor_file import unpack_tensors

_STAGE = ".unpacking-"  # begins the name of a folder that is not whole yet
_OLD = 24 * 3600  # seconds: nobody works on such a folder any more

Check = Callable[[int, int], None]  # bytes unpacked and bytes in all; may raise to end it


def _go_on(_done: int, _total: int) -> None:
    """The check that never ends anything."""


@dataclass(frozen=True)
class Unpacked:
    """What came of a package: its own list, and its experiment, whose data are below ``folder``."""

    folder: Path
    contents: Contents
    experiment: Experiment

    @property
    def missing(self) -> tuple[str, ...]:
        """The files and folders of data that did not come with it."""
        return tuple(path for path in source_paths(self.experiment) if not os.path.exists(path))


def experiment_of(path: Path) -> tuple[Contents, Experiment]:
    """What a package holds by its own list, and its experiment, whose paths are names in the package.

    Raises InvalidInput.
    """
    with opened(path) as archive:
        return archive.contents, _experiment(archive.read(EXPERIMENT), path)


def unpack(path: Path, folder: Path | None = None, check: Check = _go_on) -> Unpacked:
    """Unpacks into a folder that must not be there yet; afterwards it is whole, or not there at all.

    Without ``folder`` runs go to a new one in the runs folder, experiments to one beside the fetched data.
    Raises InvalidInput if the package is damaged or holds what it should not, OperationFailed if the
    folder cannot be written.
    """
    with opened(path) as archive:
        named = _experiment(archive.read(EXPERIMENT), path)
        for target in _new_folders(archive.contents, named) if folder is None else (folder,):
            if os.path.lexists(target):
                continue
            return Unpacked(target, archive.contents, _unpack(archive, path, target, check))
    raise InvalidInput(f"{folder}: is there already; name a folder that is not")


def _new_folders(contents: Contents, experiment: Experiment) -> Iterator[Path]:
    root = runs_folder() if contents.kind == "run" else cache_folder() / "shared"
    name, number = f"{time.strftime('%Y-%m-%dT%H-%M-%S')}-{slug(experiment.title)}", 1
    yield root / name
    while True:
        number += 1
        yield root / f"{name}-{number}"


def _unpack(archive: Archive, path: Path, folder: Path, check: Check) -> Experiment:
    stage = folder.parent / f"{_STAGE}{secrets.token_hex(8)}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _clear(folder.parent)
        _check_room(folder.parent, archive.contents.size)
        stage.mkdir()
        _extract(archive, stage, check)
        experiment = _settle(archive.contents, stage, folder, path)
        os.rename(stage, folder)
    except OSError as error:
        raise OperationFailed(f"{folder}: cannot be written: {error.strerror or error}") from None
    except MemoryError:
        raise OperationFailed(f"{path}: cannot be opened: it needs more memory than there is") from None
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return experiment


def _clear(parent: Path) -> None:
    """Removes what the unpacking of a process that was killed has left: it would fill the disk unseen."""
    for left in parent.glob(f"{_STAGE}*"):
        if not left.is_symlink() and time.time() - left.stat().st_mtime > _OLD:
            shutil.rmtree(left, ignore_errors=True)


def _extract(archive: Archive, stage: Path, check: Check) -> None:
    done, size = 0, archive.contents.size
    for name in archive.contents.files:
        target = stage / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            for block in archive.blocks(name):
                out.write(block)
                done += len(block)
                check(done, size)


def _settle(contents: Contents, stage: Path, folder: Path, path: Path) -> Experiment:
    """Reads all that the program relies on once, and lets the experiment find its data in ``folder``."""
    named = _experiment((stage / EXPERIMENT).read_bytes(), path)

    def move(name: str) -> str:
        return os.path.abspath(folder / name)

    if contents.kind == "run":
        _settle_run(named, stage, move, path)
    experiment = with_paths(named, move)
    (stage / EXPERIMENT).write_bytes(dumps(experiment).encode())
    return experiment


def _settle_run(named: Experiment, stage: Path, move: Move, path: Path) -> None:
    source = f"{path}: {CHECKPOINT}"
    checkpoint = (stage / CHECKPOINT).read_bytes()
    facts, tensors = read_checkpoint(checkpoint, source)
    _check_same(loads(facts["experiment"], source), named, source)
    (stage / CHECKPOINT).write_bytes(moved_checkpoint(checkpoint, move, source))
    weights, _ = unpack_tensors((stage / WEIGHTS).read_bytes(), f"{path}: {WEIGHTS}")
    if {f"model.{k}": t.shape for k, t in weights.items()} != _shapes_of_model(tensors):
        raise InvalidInput(f"{path}: {WEIGHTS}: does not fit the checkpoint beside it")
    if (stage / FRAMES).exists():
        source = f"{path}: {FRAMES}"
        frames = (stage / FRAMES).read_bytes()
        for experiment in Frames.unpack(frames, source).experiments:
            _check_same(experiment, named, source)
        (stage / FRAMES).write_bytes(moved_frames(frames, move, source))
    if (stage / METRICS).exists():
        try:
            parse_metrics((stage / METRICS).read_bytes())
        except ValueError as error:
            raise InvalidInput(f"{path}: {METRICS} {error}") from None


def _shapes_of_model(tensors: Mapping[str, Tensor]) -> dict[str, Size]:
    return {name: tensor.shape for name, tensor in tensors.items() if name.startswith("model.")}


def _check_same(found: Experiment, named: Experiment, source: str) -> None:
    if older := older_paths(found, named):
        raise InvalidInput(f"{source}: is of another experiment, which differs in {', '.join(older)}")


def _experiment(data: bytes, path: Path) -> Experiment:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise InvalidInput(f"{path}: its experiment is not text in UTF-8") from None
    experiment = loads(text, str(path))
    check_inside(experiment, str(path))
    return experiment


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise OperationFailed(
            f"{folder}: {needed / 1e6:,.0f} MB are needed, {free / 1e6:,.0f} MB are free; make room"
        )
