"""What is known about a named data set before anything of it is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field

from aegui.plan import Layout

DIGITS = tuple("0123456789")
GARMENTS = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


@dataclass(frozen=True)
class File:
    """A file that is fetched, at its official address."""

    name: str  # in the cache
    url: str
    checksum: str  # "sha256:…" or "md5:…", as it was published; empty where none was
    size: int | None  # bytes; None where it was not published
    members: tuple[str, ...] = ()  # of a ZIP archive: only these are kept, under the ends of their names


@dataclass(frozen=True)
class Entry:
    """What is known about a named data set before it is loaded."""

    name: str  # as in data.source
    title: str
    about: str  # one sentence
    shape: tuple[int, ...]  # of one sample
    low: float | None  # the declared range of the stored numbers; None: that of the data themselves
    high: float | None
    train: int
    test: int
    classes: tuple[str, ...]
    licence: str
    official_test: bool  # otherwise a share of the samples is drawn by seed
    layout: Layout = "picture"
    features_named: tuple[str, ...] = ()
    files: tuple[File, ...] = field(default=())  # what has to be fetched; empty where nothing has

    @property
    def source(self) -> str:
        """Where the data come from, and their licence, in one sentence."""
        return f"{self.about} {self.licence}."

    @property
    def size(self) -> int:
        """Bytes that have to be fetched, as far as they are known."""
        return sum(file.size or 0 for file in self.files)
