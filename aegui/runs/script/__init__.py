"""A run as a PyTorch script of its own: what this program did, written out for one experiment."""
