"""Finds whose work a frozen folder holds, and the licences of it, for ``packaging/aegui.spec``.

Every file that PyInstaller takes is traced back to the distribution that installed it. What no
distribution owns is Python's own, PyInstaller's start-up code, or of this repository.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath

from aegui.parts import FOLDER, LISTING, Part, key_of, part_of, python_part


def parts_of(files: Iterable[str], always: Iterable[str] = ("pyinstaller",)) -> list[Part]:
    """The parts that these files come from, with Python and those that are ``always`` inside, by name.

    Raises LookupError, naming the parts, where there is no text or no name of a licence.
    """
    owners = _owners()
    found = {owners[path] for path in map(_plain, files) if path in owners}
    named = {key_of(d.name): d for d in distributions()}
    keys = {*always, *(key_of(d.name) for d in found)} - {"aegui"}
    parts = [python_part(), *(part_of(named[key]) for key in keys)]
    if missing := [part.name for part in parts if not part.texts or not part.licence]:
        raise LookupError(f"no licence is known of {', '.join(missing)}; add it in aegui/parts.py")
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
        (str(path), PurePosixPath(FOLDER, part.name, name).parent.as_posix())
        for part in parts
        for path, name in part.texts
    ]
    return [(str(listing), FOLDER), *texts]


def _owners() -> dict[str, Distribution]:
    return {_plain(d.locate_file(file)): d for d in distributions() for file in d.files or ()}


def _plain(path: object) -> str:
    return str(Path(str(path)).resolve())
