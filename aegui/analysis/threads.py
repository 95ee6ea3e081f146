"""How many threads numpy takes where several of them would only wait for each other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_lock = threading.Lock()
_users = 0
_limit: Any = None


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread for products of matrices, meant for work beside a network in training.

    The limit is the whole program's: whoever comes first sets it, and the last one lifts it.
    """
    global _users, _limit  # noqa: PLW0603  (as the limit is)
    from threadpoolctl import threadpool_limits

    with _lock:
        _users += 1
        if _users == 1:
            _limit = threadpool_limits(1, "blas")
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                _limit.restore_original_limits()
