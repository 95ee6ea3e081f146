"""A left session in words."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aegui.qt.titles import shown_title

if TYPE_CHECKING:
    from aegui.runs.sessions import Session

_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60))


def words(session: Session, longest: int = 200) -> str:
    """What a left session holds, and when it was kept; ``longest`` is how much of its title is said."""
    parts, title = [], shown_title(session.experiment)
    if len(title) > longest:
        title = f"{title[: longest - 1].rstrip()}…"
    if session.modified:
        parts.append("with unsaved changes")
    if session.run is not None:
        parts.append(f"with its run at step {session.step:,}")
    held = " and ".join(["", *parts]).removeprefix(" and")
    return f"“{title}”{held}, {ago(time.time() - session.when)}"


def ago(seconds: float) -> str:
    """A time in the past: "just now", "1 minute ago", "3 days ago"."""
    for unit, length in _UNITS:
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {unit}{'' if number == 1 else 's'} ago"
    return "just now"
