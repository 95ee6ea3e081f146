"""The size and colours that every picture of a folder is brought to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from aegui.data.importing.image_decoding import Header, Size, Target
from aegui.data.importing.image_notes import size_text, were
from aegui.data.importing.limits import check_sample, counted, gib, memory_limit, refused
from aegui.spec import ImagesSource

LONGEST_SIDE = 64  # pixels, unless the user says otherwise: training stays quick on a laptop
MOST_SIDE = 4096  # pixels, as in ImagesSource

_LOST = {
    "crop": "were cropped to the middle",
    "pad": "were padded with black",
    "stretch": "were stretched",
}


def target_of(source: ImagesSource, headers: Sequence[Header]) -> Target:
    """What every picture is brought to. Raises InvalidExperiment if that is too large.

    Colours are kept as long as a single picture could have some.
    """
    size = _size(source, usual_size(header.size for header in headers))
    grey = source.colour == "grey" or (source.colour == "auto" and all(header.grey for header in headers))
    channels = () if grey else (3,)
    check_sample(source.path, (*channels, size[1], size[0]), "height")
    needed = len(headers) * size[0] * size[1] * (1 if grey else 3)
    if needed > memory_limit():
        raise refused(
            source.path,
            f"{counted(len(headers), 'picture')} of {size_text(size)} must fit into {gib(memory_limit())}"
            f" of memory, need {gib(needed)}; make height and width smaller",
            "height",
        )
    return Target(size, source.fit, grey)


def usual_size(sizes: Iterable[Size]) -> Size:
    """The most frequent size; of equally frequent ones the largest."""
    return max(Counter(sizes).items(), key=lambda item: (item[1], item[0][0] * item[0][1], item[0]))[0]


def _size(source: ImagesSource, usual: Size) -> Size:
    """Width and height as the user wants them, what is left open after the usual size."""
    width, height = usual
    match source.width, source.height:
        case None, None:
            scale = min(1.0, LONGEST_SIDE / max(usual))
            return _side(width * scale), _side(height * scale)
        case None, int(wanted):
            return _followed(source.path, wanted * width / height, usual, "height"), wanted
        case int(wanted), None:
            return wanted, _followed(source.path, wanted * height / width, usual, "width")
    return source.width or width, source.height or height


def _followed(path: str, side: float, usual: Size, field: str) -> int:
    """The other side of a picture of which the user set one."""
    if side > MOST_SIDE:
        message = f"both sides must have at most {MOST_SIDE:,} pixels; with pictures of {size_text(usual)}"
        other = "width" if field == "height" else "height"
        raise refused(path, f"{message} the {other} would have {side:,.0f}; set both", field)
    return _side(side)


def _side(length: float) -> int:
    return max(1, round(length))


def size_note(sizes: Sequence[Size], target: Target, chosen: bool) -> str:
    """What became of sizes and shapes, in one sentence; empty if nothing changed.

    ``chosen``: the user set the size.
    """
    changed = [size for size in sizes if size != target.size]
    if not changed:
        return ""
    count = Counter(changed)
    usual = usual_size(changed)
    of = (
        f"of {size_text(usual)}"
        if len(count) == 1
        else f"of {len(count):,} sizes, mostly {size_text(usual)},"
    )
    note = f"{counted(len(changed), 'picture')} {of} {were(len(changed))} brought to {size_text(target.size)}"
    if misshapen := sum(_is_misshapen(size, target.size) for size in changed):
        lost = _LOST[target.fit] if misshapen > 1 else _LOST[target.fit].replace("were", "was")
        note += f"; {misshapen:,} of another shape {lost}"
    return note + ("." if chosen else "; height and width can be set.")


def _is_misshapen(size: Size, target: Size) -> bool:
    """Whether more than a rounded pixel goes to the shape."""
    (w, h), (width, height) = size, target
    return abs(w * height / h - width) >= 1 and abs(h * width / w - height) >= 1
