"""Those who train the same network on the same data, each in its own way and in a process of its own."""
