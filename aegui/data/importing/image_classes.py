"""Reads parts and classes of a set of pictures from the names of the sub-folders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from aegui.data.dataset import Ints
from aegui.data.importing.image_folder import Picture, in_order, natural
from aegui.data.importing.image_notes import were
from aegui.data.importing.limits import MOST_CLASSES, counted
from aegui.data.importing.naming import shown

_ROLES = {
    "train": "train",
    "training": "train",
    "test": "test",
    "testing": "test",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
}


@dataclass(frozen=True)
class Sample:
    """A picture and what its place in the folder says about it."""

    picture: Picture
    label: str | None  # name of its class
    test: bool = False  # belongs to the official test part


@dataclass(frozen=True)
class Arrangement:
    """The samples of a folder, those for training first."""

    samples: tuple[Sample, ...]
    notes: tuple[str, ...]


Group = Sequence[Picture]
Folders = dict[str, list[Picture]]  # by name, pictures that lie deeper included


def arranged(pictures: Iterable[Picture]) -> Arrangement:
    """Parts and classes of pictures, each part in natural order.

    Sub-folders called ``train`` and ``test``, alone, are the official parts. Otherwise each
    sub-folder is a class, with all that lies deeper in it. Pictures beside sub-folders are left
    out, unless they are more: then the sub-folders are left out, and there are no classes.
    """
    found = in_order(pictures)
    depth, notes = _wrapping(found)
    own, below = _level(found, depth)
    roles = {_ROLES.get(name.casefold(), ""): group for name, group in below.items()}
    if _are_parts(roles, below) and len(own) < len(found) - len(own):
        beside = [f"{_pictures(len(own))} beside the sub-folders {were(len(own))} left out."] if own else []
        return _official(roles, depth + 1, [*notes, *beside])
    samples, more = _classes(found, depth, test=False)
    return Arrangement(tuple(samples), (*notes, *more))


def _wrapping(found: Group) -> tuple[int, list[str]]:
    """How many folders lie around everything, as archives unpack, and a note if there are any."""
    depth = 0
    while found and all(_is_wrapped(picture, found[0], depth) for picture in found):
        depth += 1
    if not depth:
        return 0, []
    inside = "/".join(shown(part) for part in found[0].parts[:depth])
    return depth, [f"All pictures lie in the sub-folder {inside}, which was read in place of the folder."]


def _is_wrapped(picture: Picture, first: Picture, depth: int) -> bool:
    """Whether it lies in the first one's folder at ``depth``, and that folder is no class itself."""
    folders, name = picture.parts[depth:-1], first.parts[depth]
    holds_folders = len(folders) > 1 or (bool(folders) and name.casefold() in _ROLES)
    return holds_folders and folders[0] == name


def _level(group: Group, depth: int) -> tuple[list[Picture], Folders]:
    """The pictures in the folder at ``depth`` itself, and those in each of its sub-folders."""
    own: list[Picture] = []
    below: Folders = {}
    for picture in group:
        inside = len(picture.parts) > depth + 1
        (below.setdefault(picture.parts[depth], []) if inside else own).append(picture)
    return own, below


def _are_parts(roles: Folders, below: Folders) -> bool:
    """Whether all sub-folders are parts, each once, one of them for training."""
    return "" not in roles and "train" in roles and len(roles) == len(below) > 1


def _official(roles: Folders, depth: int, notes: list[str]) -> Arrangement:
    """The samples of folders called train and test; validation pictures are the test where there is none."""
    held_out = roles.get("test") or roles["validation"]
    unused = len(roles["validation"]) if len(roles) == 3 else 0
    if unused:
        notes.append(f"{_pictures(unused)} for validation {were(unused)} left out: there is a test part.")
    train, in_train = _classes(roles["train"], depth, test=False)
    test, in_test = _classes(held_out, depth, test=True)
    notes += [*(f"Training part: {n}" for n in in_train), *(f"Test part: {n}" for n in in_test)]
    labelled = {sample.label is not None for sample in (*train, *test)}
    if len(labelled) == 2:  # a class must be known in both parts or in none
        notes.append("Only one of the two parts has class folders, so there are no classes.")
        train, test = ([Sample(s.picture, None, s.test) for s in part] for part in (train, test))
    return Arrangement((*train, *test), tuple(notes))


def _classes(group: Group, depth: int, *, test: bool) -> tuple[list[Sample], list[str]]:
    """The samples of one part, labelled by their sub-folder at ``depth``, and notes."""
    own, below = _level(group, depth)
    inside = len(group) - len(own)
    if len(own) >= inside:
        left = f"{_pictures(inside)} in sub-folders {were(inside)} left out: most lie in the folder itself."
        return [Sample(picture, None, test) for picture in own], [left] if inside else []
    notes = []
    if n := len(own):
        notes.append(f"{_pictures(n)} beside the sub-folders {were(n)} left out: no sub-folder, no class.")
    if n := sum(len(picture.parts) > depth + 2 for picture in group):
        notes.append(f"{_pictures(n)} in deeper folders {were(n)} given the class of the topmost folder.")
    return [Sample(p, shown(name), test) for name, group in below.items() for p in group], notes


def labels_of(samples: Sequence[Sample]) -> tuple[Ints | None, tuple[str, ...], tuple[str, ...]]:
    """Class indices (n,), the classes' names in natural order, and notes.

    None and no names where the pictures have no classes, or every one would be its own.
    """
    names = [sample.label for sample in samples if sample.label is not None]
    classes = sorted(set(names), key=natural)
    if not classes:
        return None, (), ()
    if len(classes) > MOST_CLASSES:
        return None, (), (f"{len(classes):,} sub-folders are no classes: there may be {MOST_CLASSES:,}.",)
    if len(classes) == len(names):
        return None, (), ("Every sub-folder holds a single picture, so they are no classes.",)
    index = {name: i for i, name in enumerate(classes)}
    trained = {sample.label for sample in samples if not sample.test}
    unseen = [name for name in classes if name not in trained]
    note = f"{counted(len(unseen), 'class', 'classes')} only in the test part: {', '.join(unseen[:5])}."
    return np.array([index[name] for name in names], np.int64), tuple(classes), (note,) if unseen else ()


def _pictures(number: int) -> str:
    return counted(number, "picture")
