"""The worst folders that one can think of get a message or a note, and nothing else."""

from __future__ import annotations

import io
import os
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aegui.data.importing.image_decoding import MOST_PIXELS
from aegui.data.importing.images import folder_fingerprint, read_images
from aegui.data.importing.jpeg_scans import has_more_scans
from aegui.data.stored import Stored
from aegui.errors import InvalidExperiment
from aegui.spec import ImagesSource

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")
NOISE = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)


def read(folder: Path | str) -> Stored:
    return read_images(ImagesSource(path=str(folder)))


def refusal(folder: Path | str) -> str:
    with pytest.raises(InvalidExperiment) as caught:
        read(folder)
    (problem,) = caught.value.problems
    assert problem.path == "data.source.path"
    return problem.message


def good(folder: Path, count: int = 3) -> None:
    for i in range(count):
        Image.fromarray(NOISE).save(folder / f"good {i}.png")


def saved(path: Path, kind: str) -> bytes:
    Image.fromarray(NOISE).save(path, format=kind)
    return path.read_bytes()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, body: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(body))
        + chunk(b"IEND", b"")
    )


def test_that_no_path_is_asked_for() -> None:
    assert refusal("") == "no folder: give the folder that holds the pictures"


def test_that_a_missing_folder_is_named(tmp_path: Path) -> None:
    message = refusal(tmp_path / "nothing")
    assert message == f"{tmp_path / 'nothing'}: there is no such folder; check its name, or choose it again"


def test_that_a_path_that_no_system_has_is_refused() -> None:
    assert "cannot be read" in refusal("a\0b")


def test_that_a_file_in_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    good(tmp_path, 1)
    assert "must be a folder of pictures, is a file" in refusal(tmp_path / "good 0.png")


def test_that_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    assert refusal(tmp_path).endswith("holds none: it is empty")


def test_that_a_folder_of_texts_is_refused_and_says_what_it_holds(tmp_path: Path) -> None:
    for name in ("a.txt", "b.csv"):
        (tmp_path / name).write_text("x")
    assert refusal(tmp_path).endswith("holds none: 2 files of another kind skipped: a.txt, b.csv")


@pytest.mark.parametrize("count", [1, 2])
def test_that_too_few_pictures_are_refused(tmp_path: Path, count: int) -> None:
    good(tmp_path, count)
    assert f"must hold at least 3 usable pictures, holds {count}; add some" in refusal(tmp_path)


def test_that_a_folder_of_damaged_pictures_is_refused_with_their_reasons(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("this is no picture")
    (tmp_path / "nothing.jpg").touch()
    message = refusal(tmp_path)
    assert "holds 0; 2 could not be read" in message
    assert "nothing.jpg (is empty), text.png (is no picture, whatever its name says)" in message


def saved_progressive(path: Path) -> bytes:
    Image.fromarray(NOISE).save(path, format="JPEG", progressive=True)
    return path.read_bytes()


def scanned(jpeg: bytes, times: int) -> bytes:
    """A JPEG file with its last scan so many times more."""
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:-2] + jpeg[last:-2] * times + jpeg[-2:]


def test_that_scans_are_counted_in_the_picture_alone(tmp_path: Path) -> None:
    jpeg = saved_progressive(tmp_path / "x")
    count = jpeg.count(b"\xff\xda")
    decoys = b"\xff\xe5\x08\x02" + b"\xff\xda" * 1024  # within a segment of 2,050 bytes
    file = io.BytesIO(jpeg[:2] + decoys + jpeg[2:] + b"\xff\xda" * 500)
    assert has_more_scans(file, count - 1) and not has_more_scans(file, count) and file.tell() == 0
    assert has_more_scans(io.BytesIO(scanned(jpeg, 50)), count + 49)
    assert not has_more_scans(io.BytesIO(jpeg[: len(jpeg) // 2] + b"\xff"), count)


BROKEN: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "cut.png": (lambda path: saved(path, "PNG")[:2000], "is damaged"),
    "cut.jpg": (lambda path: saved(path, "JPEG")[:500], "is damaged"),
    "cut.bmp": (lambda path: saved(path, "BMP")[:2000], "is damaged"),
    "cut.tif": (lambda path: saved(path, "TIFF")[:2000], "is "),
    "cut.gif": (lambda path: saved(path, "GIF")[:1000], "is damaged"),
    "cut.webp": (lambda path: saved(path, "WEBP")[:200], "is "),
    "head.png": (lambda path: saved(path, "PNG")[:20], "is "),
    "empty.jpg": (lambda path: b"", "is empty"),
    "text.png": (lambda path: b"not a picture\n" * 50, "is no picture"),
    "zeros.bmp": (lambda path: bytes(3000), "is no picture"),
    "vast.png": (lambda path: png(100_000, 100_000), f"has more than {MOST_PIXELS:,} pixels"),
    "large.png": (lambda path: png(12_000, 12_000), "has 12000×12000 pixels, at most 120,000,000 are read"),
    "flat.png": (lambda path: png(0, 10), "is "),
    "short.png": (lambda path: png(100, 100, b"\0" * 300), "is damaged"),
    "scans.jpg": (lambda path: scanned(saved_progressive(path), 95), "has more than 100 scans"),
    "crc.png": (lambda path: saved(path, "PNG")[:60] + b"\xff" + saved(path, "PNG")[61:], "is damaged"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_that_a_broken_picture_is_left_out_and_named(tmp_path: Path, name: str) -> None:
    good(tmp_path)
    make, reason = BROKEN[name]
    content = make(tmp_path / name)
    (tmp_path / name).write_bytes(content)
    stored = read(tmp_path)
    assert len(stored.train) == 3
    (note,) = stored.notes
    assert note.startswith(f"1 picture could not be read and was left out: {name} ({reason}")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF", "GIF", "WEBP", "PPM"])
def test_that_no_damage_escapes_as_another_error(tmp_path: Path, kind: str) -> None:
    good(tmp_path)
    whole = np.frombuffer(saved(tmp_path / "x", kind), np.uint8)
    rng = np.random.default_rng(1)
    for i in range(60):
        damaged = whole.copy()
        places = rng.integers(0, min(len(whole), 200) if i % 2 else len(whole), 4)
        damaged[places] = rng.integers(0, 256, 4)
        (tmp_path / f"{i}.png").write_bytes(damaged.tobytes())
    stored = read(tmp_path)
    assert 3 <= len(stored.train) <= 63


def test_that_the_good_rows_close_up_in_order(tmp_path: Path) -> None:
    for i in range(6):
        picture = NOISE[..., 0].copy()
        picture[0, 0] = i
        Image.fromarray(picture).save(tmp_path / f"{i}.png")
    whole = (tmp_path / "2.png").read_bytes()
    (tmp_path / "2.png").write_bytes(whole[: len(whole) // 2])
    stored = read(tmp_path)
    assert stored.train.stored[:, 0].tolist() == [0, 1, 3, 4, 5]


@posix_only
def test_that_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    good(tmp_path / "a")
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "again").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "itself").symlink_to(tmp_path / "itself")
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere.png")
    stored = read(tmp_path)
    assert len(stored.train) == 3
    assert stored.notes[:2] == (
        "2 files of another kind skipped: gone.png, itself.",
        "2 links to a folder that was read already: a/up, again.",
    )
    assert folder_fingerprint(str(tmp_path)) is not None


@posix_only
def test_that_a_link_to_itself_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "itself").symlink_to(tmp_path / "itself")
    assert "the folder cannot be read" in refusal(tmp_path / "itself")


@posix_only
def test_that_links_to_folders_elsewhere_are_followed(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    good(tmp_path / "far")
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "cats").symlink_to(tmp_path / "far", target_is_directory=True)
    assert read(tmp_path / "set").classes == ("cats",)


@posix_only
def test_that_a_pipe_called_like_a_picture_does_not_hang(tmp_path: Path) -> None:
    good(tmp_path)
    os.mkfifo(tmp_path / "pipe.png")
    assert "1 file of another kind skipped: pipe.png." in read(tmp_path).notes


@posix_only
@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything")
def test_that_what_may_not_be_read_is_noted(tmp_path: Path) -> None:
    good(tmp_path)
    (tmp_path / "secret.png").write_bytes((tmp_path / "good 0.png").read_bytes())
    (tmp_path / "closed").mkdir()
    (tmp_path / "secret.png").chmod(0)
    (tmp_path / "closed").chmod(0)
    try:
        notes = read(tmp_path).notes
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert notes[0].startswith("1 folder could not be read: closed (")
    assert "secret.png (cannot be read: " in notes[1]


@posix_only
def test_that_names_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/cla\xffss\n"
    try:
        os.mkdir(folder)
    except OSError:
        pytest.skip("this file system takes only names that are text")
    for i in range(3):
        Image.fromarray(NOISE).save(os.fsdecode(folder + b"/pic\xfe%d.png" % i))
    (tmp_path / "note\n.txt").touch()
    stored = read(tmp_path)
    assert stored.classes == ("cla\ufffdss",)
    assert stored.notes == ("1 file of another kind skipped: note .txt.",)


def test_that_folders_may_lie_deep_without_drowning_the_notes(tmp_path: Path) -> None:
    deep = tmp_path / "/".join("x" for _ in range(50))
    deep.mkdir(parents=True)
    good(deep)
    stored = read(tmp_path)
    assert len(stored.train) == 3
    assert max(map(len, stored.notes)) < 200


def test_that_pictures_of_the_oddest_sizes_go_together(tmp_path: Path) -> None:
    for i, size in enumerate([(1, 1), (5000, 1), (1, 5000), (64, 64), (5000, 1)]):
        Image.new("L", size, 255).save(tmp_path / f"{i}.png")
    stored = read(tmp_path)
    assert stored.shape == (1, 64)
    assert (stored.train.stored == 255).all()
    assert stored.notes == (
        "5 pictures of 4 sizes, mostly 5000×1, were brought to 64×1; 3 of another shape were cropped"
        " to the middle; height and width can be set.",
    )


def test_that_pictures_of_a_single_pixel_are_refused(tmp_path: Path) -> None:
    for i in range(3):
        Image.new("L", (1, 1)).save(tmp_path / f"{i}.png")
    with pytest.raises(InvalidExperiment, match=r"data\.source\.height.*at least 2 numbers"):
        read(tmp_path)
