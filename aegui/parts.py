"""Whose work the program holds: Python and every library, with version, licence and the licence's text.

Nothing of theirs is imported: what is known stands in the metadata that installers leave. A frozen
program has none; there ``packaging/aegui.spec`` has put a list and the texts beside it.
"""

from __future__ import annotations

import json
import platform
import re
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import Distribution, PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path

import aegui
from aegui.errors import OperationFailed
from aegui.resources import resource

FOLDER = "licences"  # of a frozen program: the list, and a folder of texts for each part
LISTING = "parts.json"

_IS_TEXT = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
_ENDINGS = ("", ".txt", ".md", ".rst", ".apache", ".bsd")
_LONGEST = 80  # characters of a licence's name; more are its text
_NAME = re.compile(r"[\w.-]+")
_EXTRA = re.compile(r"""extra\s*==\s*["']([\w.-]+)["']""")
_USED = ("onnx",)  # extras of aegui that it uses at run time where they are installed

# Texts of licences that some distributions do not bring along.
_MISSING = {
    "flatbuffers": ("Apache-2.0.txt",),
    "pyside6-essentials": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "shiboken6": ("LGPL-3.0.txt", "GPL-3.0.txt"),
}

Text = tuple[Path, str]  # a file of a licence, and its name among those of its part


@dataclass(frozen=True)
class Part:
    """Somebody's work that is inside."""

    name: str
    version: str
    licence: str
    homepage: str
    find: Callable[[], Iterable[Text]] = field(compare=False, repr=False)

    @property
    def texts(self) -> tuple[Text, ...]:
        """The files of its licence; looked for only now, since that takes a while."""
        return tuple(self.find())


def parts() -> list[Part]:
    """aegui, Python, and what aegui needs as far as it is installed here, the libraries by name."""
    frozen = getattr(sys, "_MEIPASS", None)  # set by PyInstaller's start-up code
    others = _listed(Path(frozen) / FOLDER) if frozen is not None else [python_part(), *_installed()]
    return [_own(frozen), *others]


def part_of(found: Distribution) -> Part:
    """What an installed distribution tells of itself."""
    metadata = found.metadata
    return Part(found.name, found.version, _licence(metadata), _homepage(metadata), lambda: _texts(found))


def python_part() -> Part:
    """The Python that runs this."""
    return Part("Python", platform.python_version(), "PSF-2.0", "https://www.python.org", _python_texts)


def key_of(name: str) -> str:
    """A distribution's name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _own(frozen: str | None) -> Part:
    find = _own_texts if frozen is None else partial(_below, Path(frozen) / FOLDER / "aegui")
    return Part("aegui", aegui.__version__, "MIT", "", find)


def _own_texts() -> list[Text]:
    """Of the installation, or of the checkout that this is run from."""
    found = _distribution("aegui")
    root = Path(aegui.__file__).parent.parent
    checkout = [(root / "LICENSE", "LICENSE")] if (root / "pyproject.toml").is_file() else []
    return (list(_texts(found)) if found is not None else []) or checkout


def _listed(folder: Path) -> list[Part]:
    """The parts of a frozen program; none where the list is missing."""
    try:
        entries = json.loads((folder / LISTING).read_text(encoding="utf-8"))
        return [
            Part(e["name"], e["version"], e["licence"], e["homepage"], partial(_below, folder / e["name"]))
            for e in entries
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _below(folder: Path) -> list[Text]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(path, path.relative_to(folder).as_posix()) for path in files]


def _installed() -> list[Part]:
    """What aegui needs, what that needs, and so on, where it is installed."""
    found: dict[str, Distribution] = {}
    open_ = list(_needs("aegui", _USED))
    while open_:
        name = open_.pop()
        if name not in found and (one := _distribution(name)) is not None:
            found[name] = one
            open_ += _needs(name)
    return [part_of(found[name]) for name in sorted(found)]


def _needs(name: str, extras: tuple[str, ...] = ()) -> Iterator[str]:
    """The distributions that one asks for, those of other extras left out."""
    found = _distribution(name)
    for line in (found.requires or ()) if found is not None else ():
        extra, match = _EXTRA.search(line), _NAME.match(line)
        if match is not None and (extra is None or extra[1] in extras):
            yield key_of(match[0])


def _distribution(name: str) -> Distribution | None:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return None
    return found if _told(found.metadata, "Name") else None


def _texts(found: Distribution) -> Iterator[Text]:
    for file in found.files or ():
        path = Path(str(found.locate_file(file))).resolve()
        if _IS_TEXT.search(file.stem) and file.suffix.lower() in _ENDINGS and path.is_file():
            yield path, "/".join(part for part in file.parts[1:] if part != "licenses")
    for name in _MISSING.get(key_of(found.name), ()):
        try:
            yield resource("licences", "texts", name), name
        except OperationFailed:
            return


def _python_texts() -> list[Text]:
    places = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    return [(p / "LICENSE.txt", "LICENSE.txt") for p in places if (p / "LICENSE.txt").is_file()][:1]


def _licence(metadata: PackageMetadata) -> str:
    if expression := _told(metadata, "License-Expression"):
        return expression
    if (told := _told(metadata, "License")) and len(told) <= _LONGEST:
        return " ".join(told.split())
    kinds = (c for c in metadata.get_all("Classifier") or () if c.startswith("License ::"))
    return "; ".join(kind.rpartition(" :: ")[2] for kind in kinds)


def _homepage(metadata: PackageMetadata) -> str:
    links = dict(link.split(", ", 1) for link in metadata.get_all("Project-URL") or ())
    by_label = {label.lower(): url for label, url in links.items()}
    wanted = ("homepage", "source", "repository", "source code", "code")
    return next((by_label[w] for w in wanted if w in by_label), _told(metadata, "Home-page"))


def _told(metadata: PackageMetadata, name: str) -> str:
    return next(iter(metadata.get_all(name) or ()), "")
