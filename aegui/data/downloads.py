"""The data sets that are too large to be built in: where they are fetched, and how their files are read.

Checksums of Fashion-MNIST, Kuzushiji-MNIST and EMNIST are those of TensorFlow Datasets, that of
Olivetti is scikit-learn's. Nobody publishes one for ECG5000: its numbers are checked instead.
Nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Ints, Split
from aegui.data.entry import GARMENTS, Entry, File
from aegui.data.fetching import cache_folder, is_fetched, kept_files
from aegui.data.idx import read_idx
from aegui.data.stored import frozen
from aegui.errors import InvalidExperiment, InvalidInput, Problem

Parts = tuple[Split, Split | None]

_FASHION = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"
_KMNIST = "http://codh.rois.ac.jp/kmnist/dataset/kmnist"
_MNIST_FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
_BEATS = ((292, 177, 10, 19, 2), (2627, 1590, 86, 175, 22))  # of each class of ECG5000: train, test
_LARGEST_TEXT = 2**25  # bytes of a part of ECG5000; the larger one has 9 million
_OFF_CENTRE = 1e-2  # largest mean of a beat that was brought to mean 0

_MAT_DAMAGE = (ValueError, TypeError, KeyError, NotImplementedError, EOFError, OSError, zlib.error)


def _files(base: str, checked: dict[str, tuple[str, int]]) -> tuple[File, ...]:
    return tuple(File(name, f"{base}/{name}", f"sha256:{sha}", size) for name, (sha, size) in checked.items())


DOWNLOADS: tuple[Entry, ...] = (
    Entry(
        name="fashion-mnist",
        title="Fashion-MNIST, complete",
        about="70,000 grey pictures of clothes, 28×28 pixels (Xiao, Rasul and Vollgraf 2017).",
        shape=(28, 28),
        low=0,
        high=255,
        train=60_000,
        test=10_000,
        classes=GARMENTS,
        licence="MIT",
        official_test=True,
        files=_files(
            _FASHION,
            {
                "train-images-idx3-ubyte.gz": (
                    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                    26_421_880,
                ),
                "train-labels-idx1-ubyte.gz": (
                    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                    29_515,
                ),
                "t10k-images-idx3-ubyte.gz": (
                    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                    4_422_102,
                ),
                "t10k-labels-idx1-ubyte.gz": (
                    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                    5_148,
                ),
            },
        ),
    ),
    Entry(
        name="kmnist",
        title="Kuzushiji-MNIST",
        about="70,000 grey pictures of cursive Japanese characters, 28×28 pixels (Clanuwat et al. 2018).",
        shape=(28, 28),
        low=0,
        high=255,
        train=60_000,
        test=10_000,
        classes=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        licence="CC BY-SA 4.0",
        official_test=True,
        files=_files(
            _KMNIST,
            {
                "train-images-idx3-ubyte.gz": (
                    "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
                    18_165_135,
                ),
                "train-labels-idx1-ubyte.gz": (
                    "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
                    29_497,
                ),
                "t10k-images-idx3-ubyte.gz": (
                    "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
                    3_041_136,
                ),
                "t10k-labels-idx1-ubyte.gz": (
                    "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
                    5_120,
                ),
            },
        ),
    ),
    Entry(
        name="emnist-letters",
        title="EMNIST letters",
        about="145,600 grey pictures of handwritten letters, capital or small, 28×28 pixels"
        " (Cohen et al. 2017).",
        shape=(28, 28),
        low=0,
        high=255,
        train=124_800,
        test=20_800,
        classes=tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        licence="Published by NIST without a licence",
        official_test=True,
        files=(
            File(
                "gzip.zip",
                "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",
                "sha256:fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
                561_753_746,
                members=(
                    "emnist-letters-train-images-idx3-ubyte.gz",
                    "emnist-letters-train-labels-idx1-ubyte.gz",
                    "emnist-letters-test-images-idx3-ubyte.gz",
                    "emnist-letters-test-labels-idx1-ubyte.gz",
                ),
            ),
        ),
    ),
    Entry(
        name="olivetti",
        title="Olivetti faces",
        about="400 grey portraits of 40 people, 64×64 pixels (Samaria and Harter 1994).",
        shape=(64, 64),
        low=0,
        high=255,
        train=320,
        test=80,
        classes=tuple(str(person) for person in range(40)),
        licence="Free with credit to AT&T Laboratories Cambridge",
        official_test=False,
        files=(
            File(
                "olivettifaces.mat",
                "https://ndownloader.figshare.com/files/5976027",
                "sha256:b612fb967f2dc77c9c62d3e1266e0c73d5fca46a4b8906c18e454d41af987794",
                None,
            ),
        ),
    ),
    Entry(
        name="ecg5000",
        title="ECG5000 heartbeats",
        about="5,000 heartbeats of one patient, 140 samples each; R-on-T and PVC are premature ventricular"
        " contractions, SP supraventricular premature or ectopic beats, UB unclassified ones"
        " (Goldberger et al. 2000; Chen et al. 2015).",
        shape=(140,),
        low=None,
        high=None,
        train=500,
        test=4_500,
        classes=("normal", "R-on-T", "PVC", "SP", "UB"),
        licence="ODC-By 1.0",
        official_test=True,
        layout="signal",
        files=(
            File(
                "ECG5000.zip",
                "https://www.timeseriesclassification.com/aeon-toolkit/ECG5000.zip",
                "",
                None,
                members=("ECG5000_TRAIN.ts", "ECG5000_TEST.ts"),
            ),
        ),
    ),
)


def read_download(entry: Entry) -> Parts:
    """Training and test part of a fetched data set, as they are stored; no test part where none is official.

    Raises InvalidExperiment at ``data.source`` if it is not fetched, if its files may not be read, or
    if they are damaged, and then deletes them.
    """
    if not is_fetched(entry):
        raise _not_usable(f"{entry.name} is not on this machine yet", entry)
    try:
        _check_files(entry)
        return _READERS[entry.name](entry)
    except InvalidInput as error:
        raise _not_usable(f"{error}; {_deleted(entry)}", entry) from None
    except OSError as error:
        message = f"{error.filename or entry.name}: cannot be read: {error.strerror or error}"
        raise InvalidExperiment([Problem("data.source", message)]) from None


def _check_files(entry: Entry) -> None:
    """Raises OSError for a file that may not be read, InvalidInput for one that is not as it was published.

    Files from archives have no checksum of their own.
    """
    for path in kept_files(entry):
        path.open("rb").close()
    for file in entry.files:
        kind, _, wanted = file.checksum.partition(":")
        if wanted and not file.members:
            with (cache_folder() / entry.name / file.name).open("rb") as opened:
                found = hashlib.file_digest(opened, kind).hexdigest()
            if found != wanted:
                raise InvalidInput(f"{file.name}: is damaged: its checksum is not the published one")


def _deleted(entry: Entry) -> str:
    """Deletes the files, and says so, or why not."""
    try:
        for path in kept_files(entry):
            path.unlink(missing_ok=True)
    except OSError as error:
        return f"delete {path.parent}, which aegui may not ({error.strerror or error})"
    return "the fetched files were deleted"


def _not_usable(reason: str, entry: Entry) -> InvalidExperiment:
    way = f"press Download, or run aegui data fetch {entry.name}"
    return InvalidExperiment([Problem("data.source", f"{reason}: {way}")])


def _mnist(entry: Entry) -> Parts:
    """Files as those of MNIST."""
    paths = {path.name: path for path in kept_files(entry)}
    train_x, train_y, test_x, test_y = (paths[name] for name in _MNIST_FILES)
    return (
        _idx_part(train_x, train_y, entry, entry.train, first=0),
        _idx_part(test_x, test_y, entry, entry.test, first=0),
    )


def _letters(entry: Entry) -> Parts:
    """As MNIST, but with rows and columns exchanged, and letters counted from 1."""
    train_x, train_y, test_x, test_y = kept_files(entry)
    return (
        _idx_part(train_x, train_y, entry, entry.train, first=1, transposed=True),
        _idx_part(test_x, test_y, entry, entry.test, first=1, transposed=True),
    )


def _idx_part(
    images: Path, labels: Path, entry: Entry, count: int, *, first: int, transposed: bool = False
) -> Split:
    pictures = _bytes(images, (count, *entry.shape))
    classes = _bytes(labels, (count,)).astype(np.int64) - first
    _check_labels(classes, entry, labels)
    if transposed:
        pictures = np.ascontiguousarray(pictures.transpose(0, 2, 1))
    return _split(pictures.reshape(count, -1), classes)


def _bytes(path: Path, shape: tuple[int, ...]) -> NDArray[np.generic]:
    array = _shaped(read_idx(path), shape, path)
    if array.dtype != np.uint8:
        raise InvalidInput(f"{path.name}: must hold bytes, holds {array.dtype}")
    return array


def _olivetti(entry: Entry) -> Parts:
    """A MATLAB file: a column for each portrait, which runs down its columns; ten of each person in turn."""
    from scipy.io import loadmat  # a fifth of a second
    from scipy.io.matlab import MatReadError

    (path,) = kept_files(entry)
    count = entry.train + entry.test
    try:
        faces = np.asarray(loadmat(path, variable_names=["faces"], appendmat=False)["faces"])
    except (*_MAT_DAMAGE, MatReadError) as error:
        raise InvalidInput(f"{path.name}: is not a MATLAB file with faces: {error}") from None
    columns = _shaped(faces, (int(np.prod(entry.shape)), count), path)
    if columns.dtype.kind not in "uif" or not (columns == columns.astype(np.uint8)).all():
        raise InvalidInput(f"{path.name}: its grey values must be whole numbers from 0 to 255")
    portraits = columns.astype(np.uint8).T.reshape(count, *entry.shape).transpose(0, 2, 1)
    people = np.repeat(np.arange(len(entry.classes)), count // len(entry.classes))
    return _split(np.ascontiguousarray(portraits).reshape(count, -1), people), None


def _ecg(entry: Entry) -> Parts:
    train, test = kept_files(entry)
    return _beats(train, entry, entry.train, _BEATS[0]), _beats(test, entry, entry.test, _BEATS[1])


def _beats(path: Path, entry: Entry, count: int, of_each: tuple[int, ...]) -> Split:
    """A text file: a head of lines with @, then ``value,value,…:class`` in each line."""
    with path.open("rb") as file:
        text = file.read(_LARGEST_TEXT + 1)
    if len(text) > _LARGEST_TEXT:
        raise InvalidInput(f"{path.name}: must have at most {_LARGEST_TEXT:,} bytes, has more")
    try:
        lines = text.decode("ascii").splitlines()
        rows = [line.rpartition(":") for line in lines if line.strip() and line[0] not in "#@"]
        with np.errstate(over="ignore"):
            values = np.array([row[0].split(",") for row in rows], np.float32)
        classes = np.array([int(float(row[2])) for row in rows]) - 1
    except (ValueError, OverflowError) as error:
        raise InvalidInput(f"{path.name}: is not a table of heartbeats: {error}") from None
    _shaped(values, (count, *entry.shape), path)
    _check_labels(classes, entry, path)
    found = tuple(np.bincount(classes, minlength=len(of_each)).tolist())
    if found != of_each:
        raise InvalidInput(f"{path.name}: must have {of_each} beats of the classes, has {found}")
    if not np.isfinite(values).all() or np.abs(values.mean(axis=1)).max() > _OFF_CENTRE:
        raise InvalidInput(f"{path.name}: must have beats of mean 0, has others")
    return _split(values, classes)


def _shaped(array: NDArray[np.generic], shape: tuple[int, ...], path: Path) -> NDArray[np.generic]:
    if array.shape != shape:
        raise InvalidInput(f"{path.name}: must have the shape {shape}, has {array.shape}")
    return array


def _check_labels(classes: Ints, entry: Entry, path: Path) -> None:
    if classes.min() < 0 or classes.max() >= len(entry.classes):
        raise InvalidInput(f"{path.name}: must have labels of {len(entry.classes)} classes, has others")


def _split(samples: NDArray[np.generic], classes: Ints) -> Split:
    frozen(classes)
    return Split(frozen(samples), classes)


_READERS: dict[str, Callable[[Entry], Parts]] = {
    "fashion-mnist": _mnist,
    "kmnist": _mnist,
    "emnist-letters": _letters,
    "olivetti": _olivetti,
    "ecg5000": _ecg,
}
