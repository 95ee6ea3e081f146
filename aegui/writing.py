"""Writing files so that a power cut leaves either the old or the new one."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from aegui.errors import OperationFailed


def write_atomic(path: Path, data: bytes) -> None:
    """Puts ``data`` in the place of a file, at once. Raises OperationFailed; the old file then stays."""
    temporary = path.parent / f".writing-{secrets.token_hex(8)}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise OperationFailed(f"{path}: cannot be written: {error.strerror or error}") from None
