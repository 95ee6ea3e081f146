"""What the tests with windows share."""

from __future__ import annotations

from collecting import all_collected, collector

__all__ = ["all_collected", "collector"]  # fixtures
