"""What the program remembers from one start to the next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

_RECENT = 8  # files
_LAYOUT = 1  # rises when the window's parts change, so that an older layout is not restored


class Settings:
    """Window state, theme and recent files."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings("aegui", "aegui")

    @property
    def theme(self) -> str:
        """ "system", "light" or "dark"."""
        value = str(self._store.value("theme", "system"))
        return value if value in ("system", "light", "dark") else "system"

    @theme.setter
    def theme(self, mode: str) -> None:
        self._store.setValue("theme", mode)

    @property
    def recent(self) -> tuple[Path, ...]:
        """Files that were opened or saved, the last first."""
        return tuple(Path(p) for p in self._strings("recent"))

    def remember(self, path: Path) -> None:
        """Puts a file first among the recent ones."""
        paths = [path.absolute(), *(p for p in self.recent if p != path.absolute())][:_RECENT]
        self._store.setValue("recent", [str(p) for p in paths])

    def forget(self, path: Path) -> None:
        """Takes a file that is gone out of the recent ones."""
        self._store.setValue("recent", [str(p) for p in self.recent if p != path])

    @property
    def recent_data(self) -> tuple[str, ...]:
        """Data of one's own that were used, as JSON, the last first."""
        return self._strings("recent-data")

    @recent_data.setter
    def recent_data(self, texts: Sequence[str]) -> None:
        self._store.setValue("recent-data", list(texts[:_RECENT]))

    def bytes(self, name: str) -> QByteArray | None:
        """A part of the window's state, None if there is none of this layout."""
        value = self._store.value(f"layout{_LAYOUT}/{name}")
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    def set_bytes(self, name: str, value: QByteArray) -> None:
        """Keeps a part of the window's state."""
        self._store.setValue(f"layout{_LAYOUT}/{name}", value)

    def folded(self) -> tuple[str, ...]:
        """Titles of the panels that were folded away."""
        return self._strings("folded")

    def set_folded(self, titles: list[str]) -> None:
        """Keeps which panels are folded away."""
        self._store.setValue("folded", titles)

    def _strings(self, name: str) -> tuple[str, ...]:
        """A list; an INI file gives one of a single string back as that string."""
        value: Any = self._store.value(name, [])
        return (value,) if isinstance(value, str) else tuple(str(v) for v in value or ())
