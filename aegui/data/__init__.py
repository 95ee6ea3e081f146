"""Files and built-in sets as :class:`Dataset`. numpy, no torch."""
