"""Loss terms, each with a name, and the corruption of the input."""
