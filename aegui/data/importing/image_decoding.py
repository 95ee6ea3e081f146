"""One picture file as bytes: opened, put upright, made grey or coloured, brought to a size."""

from __future__ import annotations

import logging
import math
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import (
    BmpImagePlugin,
    ExifTags,
    GifImagePlugin,
    Image,
    ImageFile,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from aegui.data.importing.image_notes import size_text
from aegui.data.importing.jpeg_scans import has_more_scans
from aegui.data.importing.tiff_tags import has_bloated_tags
from aegui.errors import InvalidInput
from aegui.spec.source import Fit

MOST_PIXELS = 120_000_000  # of one file: what the largest telephones take
MOST_BYTES = 2**29  # of one file: Pillow reads pieces as long as they say they are
MOST_DIGITS = 2**24  # bytes of a PNM file whose pixels are written in digits, which are slow to read
MOST_SCANS = 100  # of a JPEG file; progressive ones have some ten

Size = tuple[int, int]  # width, height
Bytes = NDArray[np.uint8]

_READERS = (
    PngImagePlugin.PngImageFile,
    JpegImagePlugin.JpegImageFile,
    BmpImagePlugin.BmpImageFile,
    BmpImagePlugin.DibImageFile,
    TiffImagePlugin.TiffImageFile,
    WebPImagePlugin.WebPImageFile,
    GifImagePlugin.GifImageFile,
    PpmImagePlugin.PpmImageFile,
)
_FORMATS = tuple(reader.format for reader in _READERS)  # no other reader sees a file
_GREY_MODES = frozenset({"1", "L", "LA", "I", "I;16", "I;16B", "I;16L", "I;16N"})
_NO_RANGE = frozenset({"I", "F"})  # modes of numbers that have no black and no white
_BITS, _PHOTOMETRIC = 258, 262  # tags of TIFF files
_JPEG = frozenset({"JPEG", "MPO"})
_PNM_HEAD = 4096  # bytes
_PNM = re.compile(rb"P\w+(?:(?:\s|#[^\n\r]*[\n\r])+[-+.\d]+){2,3}\s")
_TURNED = frozenset({5, 6, 7, 8})  # EXIF orientations that swap width and height

logging.getLogger("PIL").setLevel(logging.CRITICAL)  # what is wrong with a picture becomes a note


@dataclass(frozen=True)
class Header:
    """What a picture file says about itself before it is decoded."""

    size: Size  # upright
    grey: bool  # it can hold no colours
    animated: bool  # it has several frames or pages

    @property
    def pixels(self) -> int:
        return self.size[0] * self.size[1]


@dataclass(frozen=True)
class Target:
    """What every picture is brought to."""

    size: Size
    fit: Fit
    grey: bool


@dataclass(frozen=True, eq=False)
class Decoded:
    """The first frame of a picture file."""

    pixels: Bytes  # (H, W) or (3, H, W)
    transparent: bool  # some of it was put on white
    deep: bool  # 16 bits were brought to 8


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps back Pillow's warnings: what is wrong with a picture becomes a note."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def read_header(path: str) -> Header:
    """What a picture file says about itself. Raises InvalidInput with the reason, without its name."""
    with _picture(path) as picture:
        width, height = picture.size
        return Header(
            size=(height, width) if _is_turned(picture) else (width, height),
            grey=picture.mode in _GREY_MODES,
            animated=picture.format != "MPO" and getattr(picture, "is_animated", False),
        )


def decode(path: str, target: Target) -> Decoded:
    """The picture at the target's size and colours.

    JPEG files are decoded at a fraction of their size where that is enough. Raises InvalidInput
    with the reason, without the file's name.
    """
    with _picture(path) as picture:
        deep = picture.mode.startswith("I")
        if picture.format in _JPEG:
            _check_scans(picture)
            _draft(picture, target)
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
        plain, transparent = _plain(picture, "L" if target.grey else "RGB")
        fitted = fit_to(plain, target.size, target.fit)
    pixels = np.asarray(fitted, np.uint8)
    return Decoded(pixels if target.grey else pixels.transpose(2, 0, 1), transparent, deep)


def fit_to(picture: Image.Image, size: Size, fit: Fit) -> Image.Image:
    """The picture at ``size``: its middle cut out, padded with black, or stretched.

    Reducing takes weighted means over all pixels; nothing is resampled that has the right scale.
    """
    match fit:
        case "crop":
            return _resized(picture, size, _middle(picture.size, size))
        case "pad":
            inner = _resized(picture, _inside(picture.size, size))
            canvas = Image.new(picture.mode, size)
            canvas.paste(inner, ((size[0] - inner.width) // 2, (size[1] - inner.height) // 2))
            return canvas
    return _resized(picture, size)


def _middle(have: Size, want: Size) -> tuple[float, float, float, float]:
    """The largest box in the middle of a picture that has the shape of ``want``."""
    (w, h), (width, height) = have, want
    box_w, box_h = min(w, h * width / height), min(h, w * height / width)
    left, top = (w - box_w) / 2, (h - box_h) / 2
    if (box_w, box_h) == want:  # its scale is right: whole pixels stay what they are
        left, top = math.floor(left), math.floor(top)
    return left, top, min(w, left + box_w), min(h, top + box_h)


def _inside(have: Size, want: Size) -> Size:
    """The largest size of the shape ``have`` within ``want``."""
    scale = min(want[0] / have[0], want[1] / have[1])
    width, height = (max(1, min(most, round(n * scale))) for n, most in zip(have, want, strict=True))
    return width, height


def _resized(
    picture: Image.Image, size: Size, box: tuple[float, float, float, float] | None = None
) -> Image.Image:
    left, top, right, bottom = box or (0, 0, *picture.size)
    shrinks = right - left >= size[0] and bottom - top >= size[1]
    how = Image.Resampling.HAMMING if shrinks else Image.Resampling.BILINEAR
    return picture.resize(size, how, (left, top, right, bottom))


@contextmanager
def _picture(path: str) -> Iterator[ImageFile.ImageFile]:
    """The opened file, its pixels not read yet. Whatever goes wrong within becomes InvalidInput."""
    try:
        # Not by its path: Pillow would map turned TIFF files from the disk with the wrong width.
        with open(path, "rb") as file:
            _check_file(file)
            with Image.open(file, formats=_FORMATS) as picture:
                _check_size(picture.size)
                yield picture
    except InvalidInput:
        raise
    except Exception as error:  # Pillow's readers raise almost anything on damaged bytes
        raise InvalidInput(_reason(path, error)) from None


def _check_file(file: IO[bytes]) -> None:
    size = os.fstat(file.fileno()).st_size
    if size > MOST_BYTES:
        raise InvalidInput(f"has {size:,} bytes, at most {MOST_BYTES:,} are read")
    if has_bloated_tags(file):
        raise InvalidInput("is damaged: its tags hold more than the file")
    if (head := file.read(_PNM_HEAD)).startswith(b"P"):
        _check_pnm(head, size)
    file.seek(0)


def _check_pnm(head: bytes, size: int) -> None:
    """Pillow reads comments and digits byte by byte, which may take hours."""
    if not _PNM.match(head):
        raise InvalidInput(f"is damaged: its width and height must stand in its first {_PNM_HEAD:,} bytes")
    if head[1:2] in b"123" and size > MOST_DIGITS:
        raise InvalidInput(f"has {size:,} bytes of digits, at most {MOST_DIGITS:,} are read; save it as PNG")


def _check_size(size: Size) -> None:
    if not 0 < size[0] * size[1] <= MOST_PIXELS:
        raise InvalidInput(f"has {size_text(size)} pixels, at most {MOST_PIXELS:,} are read")


def _check_scans(picture: ImageFile.ImageFile) -> None:
    assert picture.fp is not None  # it is open
    if has_more_scans(picture.fp, MOST_SCANS):
        raise InvalidInput(f"has more than {MOST_SCANS} scans, which only files made to stall a reader have")


def _reason(path: str, error: Exception) -> str:
    match error:
        case Image.DecompressionBombError():
            return f"has more than {MOST_PIXELS:,} pixels"
        case MemoryError():
            return "is too large for the memory"
        case UnidentifiedImageError():
            return "is empty" if os.path.getsize(path) == 0 else "is no picture, whatever its name says"
        case OSError(strerror=str(reason)):
            return f"cannot be read: {reason}"
    return "is damaged"


def _is_turned(picture: ImageFile.ImageFile) -> bool:
    """Whether EXIF swaps width and height; TIFF files have applied theirs to their size."""
    if picture.format == "TIFF" or (picture.format == "PNG" and "exif" not in picture.info):
        return False  # asking a PNG file would decode it
    return picture.getexif().get(ExifTags.Base.Orientation) in _TURNED


def _draft(picture: ImageFile.ImageFile, target: Target) -> None:
    """Lets a JPEG file be decoded at 1/2, 1/4 or 1/8, but at twice the target's size at least."""
    width, height = target.size[::-1] if _is_turned(picture) else target.size
    scales = width / picture.width, height / picture.height
    scale = {"crop": max, "pad": min}.get(target.fit)
    if scale is not None:
        width, height = (math.ceil(n * scale(scales)) for n in picture.size)
    picture.draft("L" if target.grey else picture.mode, (2 * width, 2 * height))


def _plain(picture: ImageFile.ImageFile, mode: str) -> tuple[Image.Image, bool]:
    """The picture in the mode L or RGB, transparent parts on white, and whether there were any."""
    if picture.mode.startswith("I;16") or (picture.mode == "I" and picture.format in ("PNG", "PPM")):
        return _from_16_bits(picture).convert(mode), False
    if picture.mode in _NO_RANGE:
        raise InvalidInput("holds numbers without a declared range; save it with 8 or 16 bits a pixel")
    if not picture.has_transparency_data:
        return _in_mode(picture, mode), False
    coloured = _in_mode(picture, "RGBA")
    alpha = coloured.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return coloured.convert(mode), False
    white = Image.new("RGB", coloured.size, "white")
    white.paste(coloured, mask=alpha)
    return _in_mode(white, mode), True


def _in_mode(picture: Image.Image, mode: str) -> Image.Image:
    """As ``convert``, without a copy of what has the mode already: it may have 500 MB."""
    return picture if picture.mode == mode else picture.convert(mode)


def _from_16_bits(picture: ImageFile.ImageFile) -> Image.Image:
    """White is 255 again, and every grey the nearest byte."""
    tags = picture.tag_v2 if isinstance(picture, TiffImagePlugin.TiffImageFile) else {}
    white = 2 ** tags.get(_BITS, (16,))[0] - 1
    deep = np.asarray(picture).astype(np.uint32)
    if tags.get(_PHOTOMETRIC) == 0:  # Pillow inverts such a file with 8 bits, but not with more
        deep = white - deep
    return Image.fromarray(((deep * 255 + white // 2) // white).clip(max=255).astype(np.uint8))
