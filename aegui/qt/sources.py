"""What sources of data, their samples and the sizes of files are called on screen."""

from __future__ import annotations

import math
from pathlib import PurePath

from aegui.errors import AeguiError, InvalidExperiment
from aegui.plan import Layout
from aegui.qt.form import sentence
from aegui.spec import Source

_WORDS = {
    "images": "A folder of pictures",
    "csv": "A table in a text file",
    "npz": "A NumPy array",
    "idx": "An IDX file",
}


def title_of_source(source: Source) -> str:
    """The name of the file or folder."""
    return PurePath(source.path).name or source.path or "no file"


def words_of_source(source: Source) -> str:
    """What sort of file it is."""
    return _WORDS[source.kind]


def file_sentences(error: AeguiError, path: str) -> list[str]:
    """What is wrong with a file, beside which its path stands already."""
    problems = error.problems if isinstance(error, InvalidExperiment) else ()
    told = [problem.message for problem in problems] or list(error.lines)
    return [sentence(text.removeprefix(f"{path}: ")) for text in told]


def layout_words(layout: Layout, shape: tuple[int, ...]) -> str:
    """What one sample is."""
    match layout:
        case "picture":
            return "colour pictures" if len(shape) == 3 else "grey pictures"
        case "signal":
            return "signals"
        case "points":
            return "points in space"
    return "rows of a table"


def shape_words(layout: Layout, shape: tuple[int, ...]) -> str:
    """The numbers that make up one sample: C × H × W of a colour picture, the columns of a table."""
    count = math.prod(shape)
    if len(shape) > 1:
        return f"{' × '.join(str(n) for n in shape)} = {count:,} features"
    match layout:
        case "signal":
            return f"{count:,} values in a row"
        case "points":
            return f"{count:,} coordinates"
        case "table":
            return f"{count:,} column{'s' if count > 1 else ''}"
    return f"{count:,} features"


def shown_size(count: int) -> str:
    """Bytes as people say them, empty for none: ``29 MB``, ``350 kB``."""
    if count >= 1e9:
        return f"{count / 1e9:.1f} GB"
    if count >= 1e6:
        return f"{count / 1e6:.0f} MB" if count >= 1e7 else f"{count / 1e6:.1f} MB"
    return f"{max(1, round(count / 1e3))} kB" if count else ""
