"""What Windows shows of a program in its task manager and under "Open with", for ``packaging/aegui.spec``."""

from __future__ import annotations

import re
from pathlib import Path


def write_version_resource(path: Path, program: str, shown: str, version: str) -> Path:
    """Writes name and version in the form that PyInstaller reads; returns the path.

    ``program`` is the name of the file without its ending, ``shown`` what the user reads.
    """
    numbers = [int(number) for number in re.findall(r"\d+", version)[:4]]
    four = tuple((*numbers, 0, 0, 0, 0)[:4])
    told = {
        "CompanyName": "The aegui authors",
        "FileDescription": shown,
        "FileVersion": version,
        "InternalName": program,
        "LegalCopyright": "The aegui authors, MIT licence",
        "OriginalFilename": f"{program}.exe",
        "ProductName": "aegui",
        "ProductVersion": version,
    }
    rows = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in told.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={four}, prodvers={four}, mask=0x3F, OS=0x40004,"
        f" fileType=1), kids=[StringFileInfo([StringTable('040904B0', [{rows}])]),"
        " VarFileInfo([VarStruct('Translation', [0x0409, 0x04B0])])])\n",
        encoding="utf-8",
    )
    return path
