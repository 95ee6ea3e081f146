"""The limit on threads is lifted by the last one who needs it."""

from __future__ import annotations

from threadpoolctl import threadpool_info

from aegui.analysis.threads import one_thread


def blas_threads() -> list[int]:
    return [found["num_threads"] for found in threadpool_info() if found["user_api"] == "blas"]


def test_that_the_limit_outlives_the_first_and_not_the_last() -> None:
    before = blas_threads()
    first, second = one_thread(), one_thread()
    first.__enter__()
    second.__enter__()
    assert set(blas_threads()) == {1}
    first.__exit__(None, None, None)
    assert set(blas_threads()) == {1}
    second.__exit__(None, None, None)
    assert blas_threads() == before
