"""How long a download waits, and how it ends when somebody stops it."""

from __future__ import annotations

from dataclasses import dataclass

from aegui.errors import OperationFailed


@dataclass(frozen=True)
class Patience:
    """How long a broken or slow connection is put up with."""

    connect: float = 10.0  # seconds until the server has taken the call
    stall: float = 20.0  # seconds without a single byte
    attempts: int = 5  # connections in a row that bring nothing new
    pause: float = 1.0  # seconds before the second one; each later one waits twice as long


class FetchStopped(OperationFailed):
    """Somebody asked a download to stop; what has come so far is kept."""
