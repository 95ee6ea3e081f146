"""The data sets of scikit-learn, which takes a second to import."""

from __future__ import annotations

from types import ModuleType

from aegui.machine import IMPORTING


def sklearn_datasets() -> ModuleType:
    """``sklearn.datasets``, imported while nobody imports PyTorch."""
    with IMPORTING:
        import sklearn.datasets

    found: ModuleType = sklearn.datasets
    return found
