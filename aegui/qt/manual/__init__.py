"""The manual, which opens without a network: its pages, its window, and which page is about what."""
