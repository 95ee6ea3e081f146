"""Pictures of every kind, damaged in order and at random: pixels or a reason, and nothing else."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fuzzing import cuts, damaged, flips, lies, tried
from hypothesis import HealthCheck, given, settings
from PIL import Image

from aegui.data.importing.image_decoding import Target, decode, quiet, read_header

NOISE = np.random.default_rng(0).integers(0, 256, (11, 9, 3), np.uint8)
PICTURE = Image.fromarray(NOISE)
CLEAR, DEEP = PICTURE.convert("RGBA"), Image.fromarray(NOISE[..., 0].astype(np.uint16) * 257)
TURNED = Image.Exif()
TURNED[0x112] = 6
KINDS: dict[str, tuple[Image.Image, dict[str, object]]] = {
    "PNG": (PICTURE, {}),
    "PNG turned": (PICTURE, {"exif": TURNED}),
    "PNG palette": (PICTURE.convert("P"), {"transparency": 0}),
    "PNG moving": (CLEAR, {"save_all": True, "append_images": [CLEAR.rotate(180)]}),
    "JPEG": (PICTURE, {}),
    "JPEG turned": (PICTURE, {"exif": TURNED}),
    "JPEG progressive": (PICTURE, {"progressive": True}),
    "JPEG printing": (PICTURE.convert("CMYK"), {}),
    "MPO": (PICTURE, {"save_all": True, "append_images": [PICTURE]}),
    "BMP": (PICTURE, {}),
    "BMP palette": (PICTURE.convert("P"), {}),
    "TIFF": (PICTURE, {}),
    "TIFF deep": (DEEP, {}),
    "TIFF big": (PICTURE, {"big_tiff": True}),
    "TIFF lzw": (PICTURE, {"compression": "tiff_lzw"}),
    "TIFF deflate": (PICTURE, {"compression": "tiff_adobe_deflate"}),
    "TIFF fax": (PICTURE.convert("1"), {"compression": "group4"}),
    "TIFF jpeg": (PICTURE, {"compression": "jpeg"}),
    "WEBP": (PICTURE, {}),
    "WEBP lossless": (CLEAR, {"lossless": True}),
    "WEBP moving": (CLEAR, {"save_all": True, "append_images": [CLEAR.rotate(180)]}),
    "GIF": (PICTURE, {}),
    "GIF moving": (PICTURE, {"save_all": True, "append_images": [PICTURE.rotate(180)]}),
    "PPM": (PICTURE, {}),
    "PPM deep": (DEEP, {}),
    "PPM bits": (PICTURE.convert("1"), {}),
}
TARGETS = (Target((8, 8), "crop", False), Target((20, 5), "pad", True), Target((9, 11), "stretch", False))


def saved(kind: str) -> bytes:
    picture, choices = KINDS[kind]
    file = io.BytesIO()
    picture.save(file, kind.split()[0], **choices)
    return file.getvalue()


def read(path: Path) -> None:
    with quiet():
        header = read_header(str(path))
        assert header.pixels > 0
        for target in TARGETS:
            pixels = decode(str(path), target).pixels
            assert pixels.dtype == np.uint8 and pixels.shape[-2:] == target.size[::-1]


def damage(kind: str, every: int) -> Iterator[bytes]:
    content = saved(kind)
    yield from itertools.islice(cuts(content), 0, None, every)
    yield from itertools.islice(flips(content, 0, 700), 0, None, every)
    yield from itertools.islice(lies(content, 0, 200), 0, None, every)


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_damaged_picture_gives_pixels_or_a_reason(tmp_path: Path, kind: str) -> None:
    outcomes = tried(read, damage(kind, 199), tmp_path / "damaged", named=False)
    assert outcomes.tried > 10 and outcomes.refusals


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_that_a_picture_with_every_damage_gives_pixels_or_a_reason(tmp_path: Path, kind: str) -> None:
    outcomes = tried(read, damage(kind, 1), tmp_path / "damaged", named=False)
    print(f"\n{kind}: {outcomes}")
    assert outcomes.tried > 500 and outcomes.refusals


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_that_a_picture_damaged_at_random_gives_pixels_or_a_reason(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "damaged"

    @settings(max_examples=2000, deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(damaged(saved(kind), other=saved("TIFF")))
    def check(content: bytes) -> None:
        tried(read, [content], path, named=False)

    check()
