"""``aegui unpack``: a folder from a package that somebody has sent."""

from __future__ import annotations

import sys
from argparse import Namespace

from aegui.errors import printable


def unpack_file(arguments: Namespace) -> int:
    """Unpacks, and says what it was and where it is."""
    from aegui.runs.names import EXPERIMENT
    from aegui.runs.package.unpacking import unpack

    unpacked = unpack(arguments.file, arguments.out)
    contents, title = unpacked.contents, printable(unpacked.experiment.title.strip()) or "Untitled"
    data = ", with its data" if contents.has_data else ""
    print(f"{unpacked.folder}: the {contents.kind} “{title}”, {contents.words}{data}")
    for path in unpacked.missing:
        where = f"put them there, or name their place in {unpacked.folder / EXPERIMENT}"
        print(f"aegui: note: its data did not come with it: {path} is missing; {where}", file=sys.stderr)
    return 0
