"""Parts and classes of pictures follow from where they lie."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aegui.data.importing.images import folder_fingerprint, read_images
from aegui.data.stored import Stored
from aegui.spec import ImagesSource


def lay(folder: Path, names: Iterable[str], grey: int = 0) -> None:
    """Pictures of 2×2 pixels, their greys counted up from ``grey``."""
    for shade, name in enumerate(names, grey):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (2, 2), shade).save(folder / name)


def read(folder: Path) -> Stored:
    return read_images(ImagesSource(path=str(folder)))


def greys(stored: Stored) -> list[int]:
    return [int(row[0]) for row in stored.train.stored]


def labels(stored: Stored) -> list[int] | None:
    return None if stored.train.labels is None else stored.train.labels.tolist()


def test_that_a_folder_without_sub_folders_has_no_classes(tmp_path: Path) -> None:
    lay(tmp_path, ["a.png", "b.png", "c.png"])
    stored = read(tmp_path)
    assert (stored.classes, labels(stored), stored.test, stored.notes) == ((), None, None, ())
    assert stored.title == tmp_path.name


def test_that_sub_folders_are_classes_and_numbers_sort_as_numbers(tmp_path: Path) -> None:
    lay(tmp_path, ["kind 10/b.png", "kind 10/a2.png", "kind 10/a10.png", "kind 9/x.png", "kind 9/y.png"])
    stored = read(tmp_path)
    assert stored.classes == ("kind 9", "kind 10")
    assert labels(stored) == [0, 0, 1, 1, 1]
    assert greys(stored) == [3, 4, 1, 2, 0]
    assert stored.train.labels is not None
    assert stored.train.labels.dtype == np.int64


def test_that_the_order_does_not_depend_on_when_files_were_written(tmp_path: Path) -> None:
    names = [f"{c}/{i}.png" for c in "ab" for i in range(12)]
    lay(tmp_path / "one", names)
    for grey, name in reversed(list(enumerate(names))):
        lay(tmp_path / "two", [name], grey)
    np.testing.assert_array_equal(read(tmp_path / "one").train.stored, read(tmp_path / "two").train.stored)


def test_that_train_and_test_folders_are_the_official_parts(tmp_path: Path) -> None:
    lay(
        tmp_path,
        ["Test/cat/1.png", "Test/dog/1.png", "Train/cat/1.png", "Train/dog/1.png", "Train/dog/2.png"],
    )
    stored = read(tmp_path)
    assert stored.test is not None
    assert stored.test.labels is not None
    assert (greys(stored), labels(stored)) == ([2, 3, 4], [0, 1, 1])
    assert stored.test.stored[:, 0].tolist() == [0, 1]
    assert stored.test.labels.tolist() == [0, 1]
    assert stored.notes == ()


def test_that_parts_need_no_classes(tmp_path: Path) -> None:
    lay(tmp_path, ["train/1.png", "train/2.png", "testing/1.png"])
    stored = read(tmp_path)
    assert stored.test is not None
    assert (labels(stored), stored.classes, len(stored.test)) == (None, (), 1)


def test_that_validation_pictures_are_left_out_beside_a_test_part(tmp_path: Path) -> None:
    lay(tmp_path, ["train/1.png", "train/2.png", "test/1.png", "val/1.png"])
    stored = read(tmp_path)
    assert stored.test is not None
    assert (greys(stored), len(stored.test)) == ([0, 1], 1)
    assert stored.notes == ("1 picture for validation was left out: there is a test part.",)


def test_that_validation_pictures_are_the_test_part_where_there_is_none(tmp_path: Path) -> None:
    lay(tmp_path, ["train/1.png", "train/2.png", "valid/1.png"])
    stored = read(tmp_path)
    assert stored.test is not None
    assert stored.test.stored[0, 0] == 2


def test_that_classes_in_one_part_only_are_no_classes(tmp_path: Path) -> None:
    lay(tmp_path, ["train/a/1.png", "train/a/2.png", "test/1.png"])
    stored = read(tmp_path)
    assert (stored.classes, labels(stored)) == ((), None)
    assert stored.notes == ("Only one of the two parts has class folders, so there are no classes.",)


def test_that_a_class_of_the_test_part_alone_is_named(tmp_path: Path) -> None:
    lay(tmp_path, ["train/a/1.png", "train/a/2.png", "test/a/1.png", "test/new/1.png"])
    stored = read(tmp_path)
    assert stored.classes == ("a", "new")
    assert stored.notes == ("1 class only in the test part: new.",)


def test_that_train_and_test_among_other_folders_are_classes(tmp_path: Path) -> None:
    lay(tmp_path, ["train/1.png", "train/2.png", "test/1.png", "bus/1.png"])
    assert read(tmp_path).classes == ("bus", "test", "train")


def test_that_deeper_folders_count_for_their_topmost_class(tmp_path: Path) -> None:
    lay(tmp_path, ["cat/1.png", "cat/black/old/2.png", "dog/1.png"])
    stored = read(tmp_path)
    assert (stored.classes, labels(stored)) == (("cat", "dog"), [0, 0, 1])
    assert stored.notes == ("1 picture in deeper folders was given the class of the topmost folder.",)


def test_that_folders_around_everything_are_passed_through(tmp_path: Path) -> None:
    lay(tmp_path, ["archive/set/cat/1.png", "archive/set/dog/1.png", "archive/set/dog/2.png"])
    stored = read(tmp_path)
    assert stored.classes == ("cat", "dog")
    assert stored.notes[0].startswith("All pictures lie in the sub-folder archive/set,")


def test_that_parts_are_found_within_folders_around_them(tmp_path: Path) -> None:
    lay(tmp_path, ["archive/train/1.png", "archive/train/2.png", "archive/test/1.png"])
    assert read(tmp_path).test is not None


def test_that_a_few_pictures_beside_sub_folders_are_left_out(tmp_path: Path) -> None:
    lay(tmp_path, ["cover.png", "cat/1.png", "cat/2.png", "dog/1.png"])
    stored = read(tmp_path)
    assert greys(stored) == [1, 2, 3]
    assert stored.notes == ("1 picture beside the sub-folders was left out: no sub-folder, no class.",)


def test_that_a_few_pictures_in_a_sub_folder_are_left_out(tmp_path: Path) -> None:
    lay(tmp_path, ["1.png", "2.png", "3.png", "old/4.png"])
    stored = read(tmp_path)
    assert (greys(stored), stored.classes) == ([0, 1, 2], ())
    assert stored.notes == ("1 picture in sub-folders was left out: most lie in the folder itself.",)


def test_that_sub_folders_of_single_pictures_are_no_classes(tmp_path: Path) -> None:
    lay(tmp_path, [f"{i}/x.png" for i in range(4)])
    stored = read(tmp_path)
    assert (stored.classes, labels(stored)) == ((), None)
    assert stored.notes == ("Every sub-folder holds a single picture, so they are no classes.",)


def test_that_empty_sub_folders_are_no_classes(tmp_path: Path) -> None:
    lay(tmp_path, ["cat/1.png", "cat/2.png", "dog/1.png"])
    (tmp_path / "fish").mkdir()
    assert read(tmp_path).classes == ("cat", "dog")


def test_that_a_class_whose_pictures_are_all_damaged_is_none(tmp_path: Path) -> None:
    lay(tmp_path, ["a/1.png", "b/1.png", "b/2.png", "c/1.png"])
    (tmp_path / "a/1.png").write_bytes(b"no")
    stored = read(tmp_path)
    assert (stored.classes, labels(stored)) == (("b", "c"), [0, 0, 1])


def test_that_a_damaged_training_part_leaves_the_test_part_to_be_divided(tmp_path: Path) -> None:
    lay(tmp_path, ["train/1.png", "test/1.png", "test/2.png", "test/3.png"])
    (tmp_path / "train/1.png").write_bytes(b"no")
    stored = read(tmp_path)
    assert (greys(stored), stored.test) == ([1, 2, 3], None)


def test_that_what_is_no_picture_is_skipped_and_named(tmp_path: Path) -> None:
    lay(tmp_path, ["1.png", "2.png", "3.PNG"])
    lay(tmp_path, [".hidden.png", "__MACOSX/._1.png", ".git/4.png"])
    for name in (".DS_Store", "Thumbs.db", "notes.txt"):
        (tmp_path / name).touch()
    stored = read(tmp_path)
    assert greys(stored) == [0, 1, 2]
    assert stored.notes == (
        "4 files of another kind skipped: .DS_Store, .hidden.png, Thumbs.db, notes.txt.",
        "2 hidden folders skipped: .git, __MACOSX.",
    )


def test_that_a_long_list_is_shortened(tmp_path: Path) -> None:
    lay(tmp_path, ["1.png", "2.png", "3.png"])
    for i in range(8):
        (tmp_path / f"{i}.txt").touch()
    (note,) = read(tmp_path).notes
    assert note == "8 files of another kind skipped: 0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 3 more."


def test_that_names_of_every_script_are_classes(tmp_path: Path) -> None:
    names = ("עברית", "ελληνικά", "日本語", "الأولى", "👩‍🔬🧪", "हिन्दी", "Äther")
    lay(tmp_path, [f"{name}/{name} {i}.png" for name in names for i in range(2)])
    assert set(read(tmp_path).classes) == set(names)


def test_that_two_spellings_of_an_accent_are_one_class(tmp_path: Path) -> None:
    lay(tmp_path, ["train/\u00c4/1.png", "train/\u00c4/2.png", "test/A\u0308/1.png"])  # Ä in one sign, in two
    assert read(tmp_path).classes == ("Ä",)


def test_that_a_path_may_start_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    lay(tmp_path, ["pictures/1.png", "pictures/2.png", "pictures/3.png"])
    assert len(read_images(ImagesSource(path="~/pictures")).train) == 3


def test_that_the_fingerprint_follows_what_is_in_the_folder(tmp_path: Path) -> None:
    lay(tmp_path, ["a/1.png", "a/2.png"])
    prints = [folder_fingerprint(str(tmp_path))]
    assert folder_fingerprint(str(tmp_path)) == prints[0]
    lay(tmp_path, ["b/1.png"])
    prints.append(folder_fingerprint(str(tmp_path)))
    (tmp_path / "b/1.png").rename(tmp_path / "b/2.png")
    prints.append(folder_fingerprint(str(tmp_path)))
    os.utime(tmp_path / "b/2.png", ns=(1, 1))
    prints.append(folder_fingerprint(str(tmp_path)))
    (tmp_path / "a/1.png").unlink()
    prints.append(folder_fingerprint(str(tmp_path)))
    assert len(set(prints)) == len(prints)


@pytest.mark.parametrize("path", ["", "missing", "a\0b"])
def test_that_the_fingerprint_of_nothing_is_none(tmp_path: Path, path: str) -> None:
    assert (
        folder_fingerprint(str(tmp_path / path) if path == "missing" else path or str(tmp_path / "x")) is None
    )
