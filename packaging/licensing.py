"""Finds whose work a frozen folder holds, and the licences of it, for ``packaging/aegui.spec``.

Every file that PyInstaller takes is traced back to the distribution that installed it. What no
distribution owns is Python's own, PyInstaller's start-up code, or of this repository.
"""

from __future__ import annotations

import json
import platform
import re
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageMetadata, distributions
from pathlib import Path, PurePosixPath

LISTING = "parts.json"
_TEXTS = Path(__file__).parent / "licences"  # of licences that some distributions do not bring along
_IS_TEXT = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
_ENDINGS = ("", ".txt", ".md", ".rst", ".apache", ".bsd")
_LONGEST = 80  # characters of a licence's name; more are its text

_MISSING = {
    "flatbuffers": ("Apache-2.0.txt",),
    "pyside6-essentials": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "shiboken6": ("LGPL-3.0.txt", "GPL-3.0.txt"),
}


@dataclass(frozen=True)
class Part:
    """Somebody's work that is inside."""

    name: str
    version: str
    licence: str
    homepage: str
    texts: tuple[tuple[Path, str], ...]  # files of its licence, each with its name among them


def parts_of(files: Iterable[str], always: Iterable[str] = ("pyinstaller",)) -> list[Part]:
    """The parts that these files come from, with Python and those that are ``always`` inside, by name.

    Raises LookupError, naming the parts, where there is no text or no name of a licence.
    """
    owners = _owners()
    found = {owners[path] for path in map(_plain, files) if path in owners}
    named = {_key(d): d for d in distributions()}
    keys = {*always, *map(_key, found)} - {"aegui"}
    parts = [_python(), *(_part(named[key]) for key in keys)]
    if missing := [part.name for part in parts if not part.texts or not part.licence]:
        raise LookupError(f"no licence is known of {', '.join(missing)}; add it in {Path(__file__).name}")
    return sorted(parts, key=lambda part: part.name.lower())


def licence_files(parts: list[Part], folder: Path) -> list[tuple[str, str]]:
    """Writes the list of parts to a folder; returns it and every text, each with its folder in the bundle."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = [
        {"name": p.name, "version": p.version, "licence": p.licence, "homepage": p.homepage} for p in parts
    ]
    listing = folder / LISTING
    listing.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
    texts = [
        (str(path), PurePosixPath("licences", part.name, name).parent.as_posix())
        for part in parts
        for path, name in part.texts
    ]
    return [(str(listing), "licences"), *texts]


def _owners() -> dict[str, Distribution]:
    return {_plain(d.locate_file(file)): d for d in distributions() for file in d.files or ()}


def _plain(path: object) -> str:
    return str(Path(str(path)).resolve())


def _key(distribution: Distribution) -> str:
    return re.sub(r"[-_.]+", "-", distribution.name).lower()


def _part(distribution: Distribution) -> Part:
    metadata = distribution.metadata
    return Part(
        distribution.name,
        distribution.version,
        _licence(metadata),
        _homepage(metadata),
        tuple(_texts(distribution)),
    )


def _texts(distribution: Distribution) -> Iterable[tuple[Path, str]]:
    for file in distribution.files or ():
        if _IS_TEXT.search(file.stem) and file.suffix.lower() in _ENDINGS:
            name = "/".join(part for part in file.parts[1:] if part != "licenses")
            yield Path(_plain(distribution.locate_file(file))), name
    for name in _MISSING.get(_key(distribution), ()):
        yield _TEXTS / name, name


def _licence(metadata: PackageMetadata) -> str:
    told = metadata.get("License-Expression") or metadata.get("License") or ""
    if (told and len(told) <= _LONGEST) or metadata.get("License-Expression"):
        return " ".join(told.split())
    kinds = (c for c in metadata.get_all("Classifier") or () if c.startswith("License ::"))
    return "; ".join(kind.rpartition(" :: ")[2] for kind in kinds)


def _homepage(metadata: PackageMetadata) -> str:
    links = dict(link.split(", ", 1) for link in metadata.get_all("Project-URL") or ())
    by_label = {label.lower(): url for label, url in links.items()}
    wanted = ("homepage", "source", "repository", "source code", "code")
    return next((by_label[w] for w in wanted if w in by_label), metadata.get("Home-page") or "")


def _python() -> Part:
    places = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    texts = tuple((p / "LICENSE.txt", "LICENSE.txt") for p in places if (p / "LICENSE.txt").is_file())
    return Part("Python", platform.python_version(), "PSF-2.0", "https://www.python.org", texts[:1])
