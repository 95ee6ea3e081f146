"""Pictures of every kind come out as exactly the bytes that they show."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from aegui.data.importing.image_decoding import Header, Target, decode, fit_to
from aegui.data.importing.image_target import target_of
from aegui.data.importing.images import read_images
from aegui.data.stored import Stored
from aegui.errors import InvalidExperiment
from aegui.spec import ImagesSource

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (5, 7), np.uint8)
COLOURED = RNG.integers(0, 256, (5, 7, 3), np.uint8)
DEEP = RNG.integers(0, 2**16, (5, 7), np.uint16)
LOSSLESS: dict[str, dict[str, Any]] = {
    "png": {},
    "bmp": {},
    "tiff": {"compression": "tiff_lzw"},
    "webp": {"lossless": True},
    "ppm": {},
}


def read(folder: Path, **how: Any) -> Stored:
    return read_images(ImagesSource(path=str(folder), **how))


def read_one(folder: Path, picture: Image.Image, name: str = "x.png", how: Any = (), **save: Any) -> Stored:
    """A folder with three copies of one picture."""
    for i in range(3):
        picture.save(folder / f"{i}{name}", **save)
    return read(folder, **dict(how))


def first(stored: Stored) -> NDArray[np.generic]:
    return stored.train.stored[0].reshape(stored.shape)


def planes(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return picture.transpose(2, 0, 1)


@pytest.mark.parametrize("kind", LOSSLESS)
def test_that_a_colour_picture_comes_as_its_three_planes(tmp_path: Path, kind: str) -> None:
    stored = read_one(tmp_path, Image.fromarray(COLOURED), f"x.{kind}", **LOSSLESS[kind])
    assert stored.shape == (3, 5, 7)
    np.testing.assert_array_equal(first(stored), planes(COLOURED))


@pytest.mark.parametrize("kind", [*LOSSLESS, "gif"])
def test_that_a_grey_picture_comes_as_one_plane(tmp_path: Path, kind: str) -> None:
    stored = read_one(tmp_path, Image.fromarray(GREY), f"x.{kind}", **LOSSLESS.get(kind, {}))
    assert stored.shape == (5, 7)
    np.testing.assert_array_equal(first(stored), GREY)


def test_that_what_is_stored_is_bytes_with_a_declared_range_that_nobody_writes_to(tmp_path: Path) -> None:
    stored = read_one(tmp_path, Image.fromarray(GREY))
    assert (stored.layout, stored.low, stored.high) == ("picture", 0, 255)
    assert stored.train.stored.dtype == np.uint8
    assert stored.train.stored.shape == (3, 35)
    assert not stored.train.stored.flags.writeable


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_that_a_jpeg_of_the_right_size_is_decoded_in_full(tmp_path: Path, mode: str) -> None:
    stored = read_one(tmp_path, Image.fromarray(COLOURED).convert(mode), "x.JPG", quality=100)
    with Image.open(tmp_path / "0x.JPG") as picture:
        expected = np.asarray(picture)
    np.testing.assert_array_equal(first(stored), planes(expected) if mode == "RGB" else expected)


def test_that_a_picture_of_one_bit_is_black_and_white(tmp_path: Path) -> None:
    stored = read_one(tmp_path, Image.fromarray(GREY).convert("1", dither=Image.Dither.NONE))
    np.testing.assert_array_equal(first(stored), np.where(GREY >= 128, 255, 0))


def test_that_a_palette_is_looked_up(tmp_path: Path) -> None:
    paletted = Image.fromarray((GREY % 4).astype(np.uint8), "P")
    colours = RNG.integers(0, 256, (4, 3), np.uint8)
    paletted.putpalette(colours.tobytes())
    np.testing.assert_array_equal(first(read_one(tmp_path, paletted)), planes(colours[GREY % 4]))


def test_that_a_palette_of_greys_gives_a_grey_picture(tmp_path: Path) -> None:
    paletted = Image.fromarray((GREY % 4).astype(np.uint8), "P")
    paletted.putpalette(np.repeat(np.uint8([9, 80, 33, 255]), 3).tobytes())
    np.testing.assert_array_equal(first(read_one(tmp_path, paletted)), np.uint8([9, 80, 33, 255])[GREY % 4])


def test_that_printing_colours_become_screen_colours(tmp_path: Path) -> None:
    ink = np.dstack([COLOURED, np.zeros((5, 7), np.uint8)])
    stored = read_one(tmp_path, Image.fromarray(ink, "CMYK"), "x.tif")
    np.testing.assert_array_equal(first(stored), planes(255 - COLOURED))


@pytest.mark.parametrize("name", ["x.png", "x.tif", "x.pgm"])
def test_that_16_bits_are_rounded_to_8(tmp_path: Path, name: str) -> None:
    stored = read_one(tmp_path, Image.fromarray(DEEP), name)
    np.testing.assert_array_equal(first(stored), np.round(DEEP / 257))
    assert "3 pictures of 16 bits a pixel were brought to 8." in stored.notes


def test_that_16_bits_in_the_other_byte_order_are_read(tmp_path: Path) -> None:
    stored = read_one(tmp_path, Image.frombytes("I;16B", (7, 5), DEEP.astype(">u2").tobytes()), "x.tif")
    np.testing.assert_array_equal(first(stored), np.round(DEEP / 257))


def test_that_white_of_12_bits_is_white(tmp_path: Path) -> None:
    for name in "abc":  # 4095, 0 / 2048, 4095 packed in 3 bytes a row
        (tmp_path / f"{name}.tif").write_bytes(tiff(2, 2, 12, b"\xff\xf0\x00\x80\x0f\xff"))
    np.testing.assert_array_equal(first(read(tmp_path)), [[255, 0], [128, 255]])


def test_that_white_may_be_zero(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.tif").write_bytes(tiff(7, 5, 16, DEEP.tobytes(), white_is_zero=True))
    np.testing.assert_array_equal(first(read(tmp_path)), np.round((65535 - DEEP.astype(int)) / 257))


def tiff(width: int, height: int, bits: int, body: bytes, white_is_zero: bool = False) -> bytes:
    """A little-endian grey TIFF file in one strip."""
    grey = 0 if white_is_zero else 1
    tags = {
        256: width,
        257: height,
        258: bits,
        259: 1,
        262: grey,
        273: 8,
        277: 1,
        278: height,
        279: len(body),
    }
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    table = struct.pack("<H", len(tags)) + entries + bytes(4)
    return b"II*\0" + struct.pack("<I", 8 + len(body)) + body + table


def test_that_numbers_without_a_range_are_left_out_and_named(tmp_path: Path) -> None:
    Image.fromarray(RNG.random((5, 7), np.float32)).save(tmp_path / "float.tif")
    stored = read_one(tmp_path, Image.fromarray(GREY))
    assert len(stored.train) == 3
    assert any("float.tif (holds numbers without a declared range" in note for note in stored.notes)


@pytest.mark.parametrize("grey", [True, False])
def test_that_transparent_parts_are_put_on_white(tmp_path: Path, grey: bool) -> None:
    alpha = np.uint8([[0], [64], [128], [200], [255]]) * np.ones((1, 7), np.uint8)
    colour = GREY if grey else COLOURED
    layered = Image.fromarray(np.dstack([colour, alpha]), "LA" if grey else "RGBA")
    stored = read_one(tmp_path, layered)
    share = (alpha if grey else alpha[..., None]) / 255
    expected = colour * share + 255 * (1 - share)
    got = first(stored) if grey else first(stored).transpose(1, 2, 0)
    assert np.abs(got - expected).max() <= 1
    np.testing.assert_array_equal(got[[0, 4]], expected[[0, 4]])
    assert "3 pictures with transparent parts were put on white." in stored.notes


@pytest.mark.parametrize("mode", ["L", "RGB", "P"])
def test_that_a_transparent_colour_is_put_on_white(tmp_path: Path, mode: str) -> None:
    picture = Image.fromarray(np.uint8([[10, 20, 30], [20, 30, 10]]), "P" if mode == "P" else "L")
    if mode == "P":
        picture.putpalette(np.repeat(np.arange(256, dtype=np.uint8), 3).tobytes())
    key = (20, 20, 20) if mode == "RGB" else 20
    stored = read_one(tmp_path, picture.convert(mode), transparency=key)
    np.testing.assert_array_equal(first(stored), [[10, 255, 30], [255, 30, 10]])


def test_that_an_opaque_layer_is_not_spoken_of(tmp_path: Path) -> None:
    stored = read_one(tmp_path, Image.fromarray(COLOURED).convert("RGBA"))
    np.testing.assert_array_equal(first(stored), planes(COLOURED))
    assert not stored.notes


def test_that_the_first_frame_of_a_moving_picture_is_taken(tmp_path: Path) -> None:
    frames = [Image.fromarray(GREY), Image.fromarray(255 - GREY)]
    stored = read_one(tmp_path, frames[0], "x.gif", save_all=True, append_images=frames[1:])
    np.testing.assert_array_equal(first(stored), GREY)
    assert "3 files with several frames or pages: the first was taken." in stored.notes


def test_that_the_second_picture_of_a_telephone_is_ignored(tmp_path: Path) -> None:
    frames = [Image.fromarray(COLOURED), Image.fromarray(COLOURED).resize((3, 2))]
    stored = read_one(tmp_path, frames[0], "x.jpg", format="MPO", save_all=True, append_images=frames[1:])
    assert stored.shape == (3, 5, 7)
    assert not stored.notes


# How a camera stores an upright picture, by the orientation that it then writes.
STORED_AS: dict[int, Callable[[Image.Image], Image.Image]] = {
    1: lambda p: p,
    2: ImageOps.mirror,
    3: lambda p: p.transpose(Image.Transpose.ROTATE_180),
    4: ImageOps.flip,
    5: lambda p: p.transpose(Image.Transpose.TRANSPOSE),
    6: lambda p: p.transpose(Image.Transpose.ROTATE_90),
    7: lambda p: p.transpose(Image.Transpose.TRANSVERSE),
    8: lambda p: p.transpose(Image.Transpose.ROTATE_270),
}


def tagged(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


@pytest.mark.parametrize("orientation", STORED_AS)
@pytest.mark.parametrize("name", ["x.png", "x.tif"])
@pytest.mark.parametrize("upright", [COLOURED, GREY], ids=["colour", "grey"])
def test_that_a_turned_picture_is_put_upright(
    tmp_path: Path, orientation: int, name: str, upright: NDArray[np.uint8]
) -> None:
    turned = STORED_AS[orientation](Image.fromarray(upright))
    stored = read_one(tmp_path, turned, name, exif=tagged(orientation))
    np.testing.assert_array_equal(first(stored), planes(upright) if upright.ndim == 3 else upright)


@pytest.mark.parametrize("orientation", STORED_AS)
@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
def test_that_a_turned_jpeg_is_put_upright_when_it_is_decoded_small(
    tmp_path: Path, orientation: int, fit: str
) -> None:
    quarters = np.kron(np.uint8([[0, 80], [160, 255]]), np.ones((120, 160), np.uint8))  # 240×320
    turned = STORED_AS[orientation](Image.fromarray(quarters))
    stored = read_one(
        tmp_path, turned, "x.jpg", {"height": 24, "width": 32, "fit": fit}, exif=tagged(orientation)
    )
    got = first(stored).astype(int)
    corners = got[[[4, 4], [20, 20]], [[4, 28], [4, 28]]]
    assert np.abs(corners - [[0, 80], [160, 255]]).max() <= 2
    assert stored.shape == (24, 32)


def test_that_other_shapes_are_cropped_to_whole_pixels_of_the_middle(tmp_path: Path) -> None:
    stored = read_one(tmp_path, Image.fromarray(COLOURED), how={"height": 5, "width": 4})
    np.testing.assert_array_equal(first(stored), planes(COLOURED[:, 1:5]))


def test_that_other_shapes_are_padded_with_black(tmp_path: Path) -> None:
    stored = read_one(tmp_path, Image.fromarray(GREY), how={"height": 8, "width": 7, "fit": "pad"})
    np.testing.assert_array_equal(first(stored), np.pad(GREY, ((1, 2), (0, 0))))


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
def test_that_a_picture_of_the_right_size_is_not_touched(fit: Any) -> None:
    np.testing.assert_array_equal(np.asarray(fit_to(Image.fromarray(GREY), (7, 5), fit)), GREY)


@pytest.mark.parametrize(("fit", "columns"), [("crop", (75, 225)), ("stretch", (0, 300))])
def test_that_reducing_a_slope_keeps_the_slope(fit: Any, columns: tuple[int, int]) -> None:
    slope = np.tile(np.linspace(0, 250, 300), (150, 1))  # a mean with symmetric weights is the middle
    small = np.asarray(fit_to(Image.fromarray(np.round(slope).astype(np.uint8)), (15, 15), fit))
    ends = np.linspace(*columns, 16)
    middles = slope[0, 0] + (ends[:-1] + ends[1:] - 1) / 2 * 250 / 299
    assert np.abs(small[7, 2:-2] - middles[2:-2]).max() <= 1


def test_that_padding_keeps_the_shape_and_centres_it() -> None:
    white = Image.new("L", (300, 100), 255)
    expected = np.zeros((30, 30), np.uint8)
    expected[10:20] = 255
    np.testing.assert_array_equal(np.asarray(fit_to(white, (30, 30), "pad")), expected)


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
@pytest.mark.parametrize("have", [(1, 1), (5000, 1), (1, 5000), (3, 2)])
@pytest.mark.parametrize("want", [(64, 64), (1, 2), (64, 1), (200, 3)])
def test_that_no_shape_is_too_odd(fit: Any, have: tuple[int, int], want: tuple[int, int]) -> None:
    fitted = fit_to(Image.new("L", have, 255), want, fit)
    assert fitted.size == want
    assert np.asarray(fitted).max() == 255
    assert fit == "pad" or np.asarray(fitted).min() == 255


def test_that_small_pictures_keep_their_size(tmp_path: Path) -> None:
    assert read_one(tmp_path, Image.new("L", (64, 9))).shape == (9, 64)


def test_that_large_pictures_are_brought_to_64_pixels_and_that_is_said(tmp_path: Path) -> None:
    stored = read_one(tmp_path, Image.new("L", (640, 480)))
    assert stored.shape == (48, 64)
    assert stored.notes == ("3 pictures of 640×480 were brought to 64×48; height and width can be set.",)


def test_that_the_most_frequent_size_is_taken(tmp_path: Path) -> None:
    Image.new("L", (30, 30)).save(tmp_path / "other.png")
    stored = read_one(tmp_path, Image.new("L", (20, 10)))
    assert stored.shape == (10, 20)
    assert stored.notes == (
        "1 picture of 30×30 was brought to 20×10; 1 of another shape was cropped to the middle;"
        " height and width can be set.",
    )


def test_that_one_side_follows_the_other(tmp_path: Path) -> None:
    stored = read_one(tmp_path, Image.new("L", (640, 480)), how={"height": 24})
    assert stored.shape == (24, 32)
    assert stored.notes == ("3 pictures of 640×480 were brought to 32×24.",)
    assert read(tmp_path, width=128).shape == (96, 128)


def test_that_colours_are_kept_for_a_single_coloured_pixel(tmp_path: Path) -> None:
    read_one(tmp_path, Image.fromarray(GREY).convert("RGB"))
    assert read(tmp_path).shape == (5, 7)
    spotted = Image.fromarray(GREY).convert("RGB")
    spotted.putpixel((6, 4), (7, 7, 8))
    spotted.save(tmp_path / "zz.png")
    stored = read(tmp_path)
    assert stored.shape == (3, 5, 7)
    np.testing.assert_array_equal(first(stored), [GREY] * 3)
    assert list(stored.train.stored[3, 34::35]) == [7, 7, 8]


def test_that_colours_can_be_asked_for(tmp_path: Path) -> None:
    stored = read_one(tmp_path, Image.fromarray(GREY), how={"colour": "rgb"})
    np.testing.assert_array_equal(first(stored), [GREY] * 3)


@pytest.mark.parametrize("name", ["x.png", "x.jpg"])
def test_that_grey_is_the_brightness_of_the_eye(tmp_path: Path, name: str) -> None:
    flat = Image.new("RGB", (16, 16), (200, 100, 50))
    stored = read_one(tmp_path, flat, name, {"colour": "grey"}, **({"quality": 100} if "j" in name else {}))
    assert np.abs(first(stored).astype(float) - (0.299 * 200 + 0.587 * 100 + 0.114 * 50)).max() <= 1


def test_that_threads_change_neither_order_nor_pixels(tmp_path: Path) -> None:
    for i in range(70):
        Image.new("RGB", (260, 260), (i, 2 * i, 255 - i)).save(tmp_path / f"{i}.png")
    stored = read(tmp_path, height=2, width=2)
    expected = [[i] * 4 + [2 * i] * 4 + [255 - i] * 4 for i in range(70)]
    np.testing.assert_array_equal(stored.train.stored, expected)


def test_that_a_jpeg_is_decoded_small_for_a_small_target(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    Image.effect_mandelbrot((1600, 1200), (-2, -1.5, 1, 1.5), 50).save(path)
    small = decode(str(path), Target((64, 48), "crop", grey=True)).pixels
    with Image.open(path) as picture:
        whole = np.asarray(picture.resize((64, 48), Image.Resampling.HAMMING))
    assert np.abs(small.astype(int) - whole).mean() < 2


def test_that_progress_counts_every_picture(tmp_path: Path) -> None:
    for i in range(5):
        Image.fromarray(GREY).save(tmp_path / f"{i}.png")
    calls: list[tuple[int, int]] = []
    read_images(ImagesSource(path=str(tmp_path)), lambda done, total: calls.append((done, total)))
    assert calls == [(0, 0), *[(0, 5)] * 5, *[(done, 5) for done in range(1, 6)]]


@pytest.mark.parametrize("side", [5, 300])
@pytest.mark.parametrize("when", [(0, 0), (0, 5), (2, 5)])
def test_that_progress_can_end_the_reading(tmp_path: Path, side: int, when: tuple[int, int]) -> None:
    for i in range(5):
        Image.new("L", (side, side)).save(tmp_path / f"{i}.png")

    def cancel(done: int, total: int) -> None:
        if (done, total) == when:
            raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        read_images(ImagesSource(path=str(tmp_path)), cancel)


def refusal(folder: Path, **how: Any) -> tuple[str, str]:
    with pytest.raises(InvalidExperiment) as caught:
        read(folder, **how)
    (problem,) = caught.value.problems
    return problem.path, problem.message


def test_that_a_sample_has_a_largest_size(tmp_path: Path) -> None:
    read_one(tmp_path, Image.new("L", (8, 8)))
    path, message = refusal(tmp_path, height=4096, width=4096)
    assert path == "data.source.height"
    assert "4,096×4,096 = 16,777,216" in message


def test_that_more_pictures_than_fit_into_memory_are_refused_before_any_is_decoded() -> None:
    headers = [Header((1000, 1000), grey=True, animated=False)] * 10**6
    with pytest.raises(InvalidExperiment) as caught:
        target_of(ImagesSource(path="x", height=1000), headers)
    (problem,) = caught.value.problems
    assert problem.path == "data.source.height"
    assert "1,000,000 pictures of 1000×1000 must fit into" in problem.message
    assert "need 931.3 GiB; make height and width smaller" in problem.message


@pytest.mark.parametrize(("side", "other"), [("height", "width"), ("width", "height")])
def test_that_a_side_that_follows_has_a_limit(tmp_path: Path, side: str, other: str) -> None:
    size = (500, 1) if side == "height" else (1, 500)
    for i in range(3):
        Image.new("L", size).save(tmp_path / f"{i}.png")
    path, message = refusal(tmp_path, **{side: 10})
    assert path == f"data.source.{side}"
    assert (
        f"at most 4,096 pixels; with pictures of {size[0]}×{size[1]} the {other} would have 5,000" in message
    )
