"""A run as one page of HTML without other files: figures, formula, metrics, settings, how to repeat it."""
