"""An experiment on its way between machines: its data lie in another folder there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from aegui.errors import InvalidInput
from aegui.runs.package.contents import DATA, wrong_name
from aegui.spec import Experiment
from aegui.training.checkpoint import checkpoint_of_other
from aegui.training.frames import Frames

ROLES = ("path", "labels", "test", "test_labels")  # of a source: what may name a file

Move = Callable[[str], str]


def moved(experiment: Experiment, move: Move) -> Experiment:
    """The experiment with the paths of its data changed."""
    source = experiment.data.source
    if isinstance(source, str):
        return experiment
    update = {role: move(getattr(source, role)) for role in ROLES if getattr(source, role, "")}
    changed = source.model_copy(update=update)
    return experiment.model_copy(update={"data": experiment.data.model_copy(update={"source": changed})})


def moved_checkpoint(data: bytes, move: Move, source: str) -> bytes:
    """A checkpoint of the moved experiment. Raises InvalidInput."""
    return checkpoint_of_other(data, lambda experiment: moved(experiment, move), source)


def moved_frames(data: bytes, move: Move, source: str) -> bytes:
    """Frames of the moved experiment. Raises InvalidInput."""
    frames = Frames.unpack(data, source)
    return frames.of_other(lambda experiment: moved(experiment, move)).pack()


def paths_of(experiment: Experiment) -> tuple[Path, ...]:
    """The files and folders that an experiment reads, none twice."""
    source = experiment.data.source
    if isinstance(source, str):
        return ()
    return tuple(dict.fromkeys(Path(getattr(source, r)) for r in ROLES if getattr(source, r, "")))


def names_of(paths: tuple[Path, ...]) -> dict[str, str]:
    """Path -> its name in a package, below ``data/``; two of the same name get numbers."""
    names: dict[str, str] = {}
    for path in paths:
        name, number = path.name or "data", 1
        while f"{DATA}/{name}".casefold() in {taken.casefold() for taken in names.values()}:
            number += 1
            name = f"{path.stem}-{number}{path.suffix}"
        names[os.fspath(path)] = f"{DATA}/{name}"
    return names


def files_below(path: Path) -> Iterator[tuple[Path, str]]:
    """A file, or every file of a folder, with its name relative to ``path``; links are not followed."""
    if not path.is_dir():
        yield path, ""
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            found = Path(folder) / name
            if not name.startswith(".") and found.is_file() and not found.is_symlink():
                yield found, found.relative_to(path).as_posix()


def check_inside(experiment: Experiment, source: str) -> None:
    """That an experiment reads nothing but what came with it. Raises InvalidInput."""
    for path in paths_of(experiment):
        name = PurePosixPath(path.as_posix())
        if wrong_name(str(name)) is not None or name.parts[0] != DATA:
            raise InvalidInput(
                f"{source}: its experiment reads {str(path)[:200]!r}, which is not in the package"
            )
