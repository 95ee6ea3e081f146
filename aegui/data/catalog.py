"""The named data sets: a table of facts. Nothing is loaded to read it."""

from __future__ import annotations

import difflib

from aegui.data.downloads import DOWNLOADS
from aegui.data.entry import DIGITS, GARMENTS, Entry
from aegui.errors import InvalidExperiment, Problem
from aegui.spec import Data

_NUCLEUS = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)

_PICTURES = (
    Entry(
        name="mnist",
        title="MNIST handwritten digits",
        about="70,000 grey pictures of handwritten digits, 28×28 pixels (LeCun and Cortes 1998).",
        shape=(28, 28),
        low=0,
        high=255,
        train=60_000,
        test=10_000,
        classes=DIGITS,
        licence="CC BY-SA 3.0",
        official_test=True,
    ),
    Entry(
        name="digits",
        title="Digits 8×8",
        about="1,797 grey pictures of handwritten digits, 8×8 pixels (Alpaydin and Kaynak 1998).",
        shape=(8, 8),
        low=0,
        high=16,
        train=1_438,
        test=359,
        classes=DIGITS,
        licence="CC BY 4.0",
        official_test=False,
    ),
    Entry(
        name="fashion",
        title="Fashion-MNIST, 12,000 pictures",
        about="12,000 of the 70,000 grey pictures of clothes in Fashion-MNIST, 28×28 pixels, drawn from"
        " its training and test part with every class alike (Xiao, Rasul and Vollgraf 2017).",
        shape=(28, 28),
        low=0,
        high=255,
        train=10_000,
        test=2_000,
        classes=GARMENTS,
        licence="MIT",
        official_test=True,
    ),
    Entry(
        name="shapes",
        title="Shapes with known factors",
        about="6,000 pictures of squares, ellipses, triangles and hearts, 32×32 pixels, drawn by this"
        " program, each with its position, size and rotation.",
        shape=(32, 32),
        low=0,
        high=255,
        train=4_800,
        test=1_200,
        classes=("square", "ellipse", "triangle", "heart"),
        licence="MIT, as this program",
        official_test=False,
    ),
)

_OTHERS = (
    Entry(
        name="signals",
        title="Periodic signals with anomalies",
        about="5,000 noisy waves of 128 points, drawn by this program; one in ten has a spike, a flat"
        " stretch, a jump of its frequency or a drift.",
        shape=(128,),
        low=None,
        high=None,
        train=4_000,
        test=1_000,
        classes=("normal", "spike", "flat", "frequency jump", "drift"),
        licence="MIT, as this program",
        official_test=False,
        layout="signal",
    ),
    Entry(
        name="breast-cancer",
        title="Breast cancer, Wisconsin",
        about="30 measurements of the cell nuclei in each of 569 tumours"
        " (Wolberg, Street and Mangasarian 1995).",
        shape=(30,),
        low=None,
        high=None,
        train=455,
        test=114,
        classes=("malignant", "benign"),
        licence="CC BY 4.0",
        official_test=False,
        layout="table",
        features_named=(
            *(f"mean {name}" for name in _NUCLEUS),
            *(f"{name} error" for name in _NUCLEUS),
            *(f"worst {name}" for name in _NUCLEUS),
        ),
    ),
    Entry(
        name="wine",
        title="Wine",
        about="13 chemical measurements of 178 Italian wines from three cultivars"
        " (Aeberhard and Forina 1992).",
        shape=(13,),
        low=None,
        high=None,
        train=142,
        test=36,
        classes=("cultivar 1", "cultivar 2", "cultivar 3"),
        licence="CC BY 4.0",
        official_test=False,
        layout="table",
        features_named=(
            "alcohol",
            "malic acid",
            "ash",
            "alcalinity of ash",
            "magnesium",
            "total phenols",
            "flavanoids",
            "nonflavanoid phenols",
            "proanthocyanins",
            "colour intensity",
            "hue",
            "OD280/OD315 of diluted wines",
            "proline",
        ),
    ),
    Entry(
        name="swiss-roll",
        title="Swiss roll",
        about="3,000 points on a rolled-up sheet in space, each with its position along the sheet"
        " (Marsland 2014, as scikit-learn draws it).",
        shape=(3,),
        low=None,
        high=None,
        train=2_400,
        test=600,
        classes=(),
        licence="BSD 3-Clause",
        official_test=False,
        layout="points",
        features_named=("x", "y", "z"),
    ),
    Entry(
        name="s-curve",
        title="S-curve",
        about="3,000 points on a sheet bent like an S in space, each with its position along the sheet"
        " (as scikit-learn draws it).",
        shape=(3,),
        low=None,
        high=None,
        train=2_400,
        test=600,
        classes=(),
        licence="BSD 3-Clause",
        official_test=False,
        layout="points",
        features_named=("x", "y", "z"),
    ),
)


def catalog() -> tuple[Entry, ...]:
    """Every named data set, those that have to be fetched last."""
    return (*_PICTURES, *_OTHERS, *DOWNLOADS)


def has_fixed_test(data: Data) -> bool:
    """Whether the test part is the same whatever the seed: an official one, and all of it."""
    source = data.source
    return isinstance(source, str) and entry(source).official_test and data.test is None


def entry(name: str) -> Entry:
    """The data set ``name``. Raises InvalidExperiment at ``data.source`` if there is none."""
    for candidate in catalog():
        if candidate.name == name:
            return candidate
    names = [candidate.name for candidate in catalog()]
    near = difflib.get_close_matches(name.strip().lower(), names, n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    message = f'must be the name of a data set ({", ".join(names)}), got "{name}"{hint}'
    raise InvalidExperiment([Problem("data.source", message)])
