"""What the program remembers from one start to the next.

A file of plain JSON: the settings of PySide unpickle whatever a file of theirs says that it holds.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
from PySide6.QtCore import QByteArray

from aegui.errors import OperationFailed
from aegui.qt.text_size import NORMAL, TEXT_SIZES
from aegui.writing import read_plain, write_atomic

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

_RECENT = 8  # files
_LAYOUT = 1  # rises when the window's parts change, so that an older layout is not restored
_LARGEST = 2**20  # bytes
_LONGEST = 5000  # characters of one of several texts


def settings_file() -> Path:
    """Where the settings of the user are."""
    return platformdirs.user_config_path("aegui", appauthor=False) / "settings.json"


class Settings:
    """Window state, theme, size of text and recent files. A file that cannot be read or written is empty."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file or settings_file()

    @property
    def is_new(self) -> bool:
        """Whether nothing has ever been kept: the program has not been started before."""
        return not os.path.lexists(self.file)

    @property
    def theme(self) -> str:
        """ "system", "light" or "dark"."""
        value = self._values().get("theme")
        return value if value in ("light", "dark") else "system"

    @theme.setter
    def theme(self, mode: str) -> None:
        self._keep("theme", mode)

    @property
    def version(self) -> str:
        """The version that was started last; empty before the first start."""
        value = self._values().get("version")
        return value if isinstance(value, str) and len(value) <= _LONGEST else ""

    @version.setter
    def version(self, version: str) -> None:
        self._keep("version", version)

    @property
    def text_size(self) -> int:
        """Percent of the system's size."""
        value = self._values().get("text-size")
        return value if isinstance(value, int) and value in TEXT_SIZES else NORMAL

    @text_size.setter
    def text_size(self, percent: int) -> None:
        self._keep("text-size", percent)

    @property
    def recent(self) -> tuple[Path, ...]:
        """Files that were opened or saved, the last first."""
        return tuple(Path(p) for p in self._strings("recent"))

    def remember(self, path: Path) -> None:
        """Puts a file first among the recent ones."""
        paths = [path.absolute(), *(p for p in self.recent if p != path.absolute())]
        self._keep("recent", [str(p) for p in paths[:_RECENT]])

    def forget(self, path: Path) -> None:
        """Takes a file that is gone out of the recent ones."""
        self._keep("recent", [str(p) for p in self.recent if p != path])

    @property
    def recent_data(self) -> tuple[str, ...]:
        """Data of one's own that were used, as JSON, the last first."""
        return self._strings("recent-data")

    @recent_data.setter
    def recent_data(self, texts: Sequence[str]) -> None:
        self._keep("recent-data", list(texts[:_RECENT]))

    def bytes(self, name: str) -> QByteArray | None:
        """A part of the window's state, None if there is none of this layout or it is damaged."""
        try:
            checksum, _, text = self._values()[f"layout{_LAYOUT}/{name}"].partition(" ")
            value = base64.b64decode(text, validate=True)
        except (KeyError, TypeError, ValueError, AttributeError):
            return None
        # One wrong bit can make a window twenty thousand pixels wide.
        return QByteArray(value) if value and checksum == _checksum(value) else None

    def set_bytes(self, name: str, value: QByteArray) -> None:
        """Keeps a part of the window's state."""
        text = base64.b64encode(value.data()).decode()
        self._keep(f"layout{_LAYOUT}/{name}", f"{_checksum(value.data())} {text}")

    def folded(self) -> tuple[str, ...]:
        """Titles of the panels that were folded away."""
        return self._strings("folded")

    def set_folded(self, titles: list[str]) -> None:
        """Keeps which panels are folded away."""
        self._keep("folded", titles)

    def _strings(self, name: str) -> tuple[str, ...]:
        found = self._values().get(name)
        texts = found if isinstance(found, list) else []
        return tuple(t for t in texts if isinstance(t, str) and len(t) <= _LONGEST and "\0" not in t)

    def _values(self) -> dict[str, Any]:
        try:
            found = json.loads(read_plain(self.file, _LARGEST))
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def _keep(self, name: str, value: object) -> None:
        text = json.dumps(self._values() | {name: value}, indent=1)
        with contextlib.suppress(OperationFailed):  # a comfort that nothing depends on
            write_atomic(self.file, text.encode())


def _checksum(value: Buffer) -> str:
    return f"{zlib.crc32(value):08x}"
