"""Trainer: a generator of steps. Snapshot: what a view may see. Checkpoints, devices, streams.

Nothing here prints, signals or calls back. This file imports nothing, so that the
window can know ``Snapshot`` without loading torch.
"""
