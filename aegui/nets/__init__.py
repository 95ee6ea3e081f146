"""Plan -> torch modules."""
