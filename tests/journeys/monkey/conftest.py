"""How a failure of the monkey is had again."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("monkey")
    group.addoption("--seed", type=int, help="the monkey's one seed")
    group.addoption("--from", type=int, dest="start", help="its first action")
    group.addoption("--actions", type=int, help="how many actions")
