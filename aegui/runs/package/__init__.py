"""A run or an experiment in one file, ``.aegui``, to be handed on: a zip with a list of what is in it."""
