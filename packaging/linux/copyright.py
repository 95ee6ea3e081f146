"""Prints Debian's copyright file: ``python packaging/linux/copyright.py FROZEN DATA-LICENCES``.

The frozen folder holds the list of its parts and the text of every licence; the file names each part with its
licence and says where in the package the text is.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

_HEAD = """\
aegui is the work of the aegui authors. The package holds it together with
everything that it needs: Python, libraries and data sets, each under its own
licence. The texts of all licences are in
{folder}, a folder for each part.

Qt and PySide are used under the GNU Lesser General Public License, version 3
(/usr/share/common-licenses/LGPL-3), as shared libraries, which may be replaced
by others in {qt}.

"""
_FROZEN = Path("/opt") / "aegui" / "_internal"


def copyright_text(frozen: Path, data: Path) -> str:
    """The whole file."""
    folder = frozen / "_internal" / "licences"
    parts = json.loads((folder / "parts.json").read_text(encoding="utf-8"))
    return "\n".join(
        (
            _HEAD.format(folder=_FROZEN / "licences", qt=_FROZEN / "PySide6"),
            "aegui itself\n",
            _indented((folder / "aegui" / "LICENSE").read_text(encoding="utf-8")),
            "What is inside, with its licence and where it is from\n",
            "".join(map(_line, parts)),
            *map(_data, sorted(data.glob("*.md"))),
        )
    )


def _line(part: dict[str, str]) -> str:
    return f"  {part['name']} {part['version']}: {part['licence']}; {part['homepage']}\n"


def _data(path: Path) -> str:
    """A data set, in the words of its licence file."""
    title, _, text = path.read_text(encoding="utf-8").partition("\n")
    return f"The data set {title.lstrip('# ')}\n\n" + _indented(text.strip())


def _indented(text: str) -> str:
    return "".join(f"  {line}".rstrip() + "\n" for line in text.rstrip().splitlines())


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    print(copyright_text(Path(sys.argv[1]), Path(sys.argv[2])), end="")
