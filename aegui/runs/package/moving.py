"""An experiment on its way between machines: its data lie in another folder there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

from aegui.data.importing.image_folder import walk
from aegui.errors import InvalidInput
from aegui.runs.package.contents import DATA, wrong_name
from aegui.spec import Experiment
from aegui.spec.files import source_paths, with_paths
from aegui.training.checkpoint import checkpoint_of_other
from aegui.training.frames import Frames

Move = Callable[[str], str]


def moved_checkpoint(data: bytes, move: Move, source: str) -> bytes:
    """A checkpoint of the moved experiment. Raises InvalidInput."""
    return checkpoint_of_other(data, lambda experiment: with_paths(experiment, move), source)


def moved_frames(data: bytes, move: Move, source: str) -> bytes:
    """Frames of the moved experiment. Raises InvalidInput."""
    frames = Frames.unpack(data, source)
    return frames.of_other(lambda experiment: with_paths(experiment, move)).pack()


def names_of(experiment: Experiment) -> dict[str, str]:
    """Path of what an experiment reads -> its name in a package; two of the same name get numbers."""
    names: dict[str, str] = {}
    taken = set()
    for path in dict.fromkeys(source_paths(experiment)):
        pure = PurePath(path)
        name, number = pure.name or DATA, 1
        while name.casefold() in taken:
            number += 1
            name = f"{pure.stem}-{number}{pure.suffix}"
        taken.add(name.casefold())
        names[path] = f"{DATA}/{name}"
    return names


def files_of(path: Path) -> Iterator[tuple[Path, str]]:
    """A file, or every picture of a folder, with its name below ``path``.

    Raises InvalidInput if there is no such thing, or if a part of it cannot be read.
    """
    if path.is_file():
        yield path, ""
        return
    if not path.is_dir():
        raise InvalidInput(f"{path}: cannot be packed: there is no such file or folder")
    found = walk(os.fspath(path))
    if found.unreadable.count:
        raise InvalidInput(f"{path}: cannot be packed: a folder in it cannot be read: {found.unreadable}")
    for picture in found.pictures:
        yield Path(picture.path), "/".join(picture.parts)


def check_inside(experiment: Experiment, source: str) -> None:
    """That an experiment reads nothing but what came with it. Raises InvalidInput."""
    for path in source_paths(experiment):
        if wrong_name(path) is not None or not path.startswith(f"{DATA}/"):
            raise InvalidInput(f"{source}: its experiment reads {path[:200]!r}, which is not in the package")
