"""The command line: the same values as in the window, without Qt."""
