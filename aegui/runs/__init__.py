"""One folder on disk per run: experiment, history, metrics, weights, checkpoint, figures."""
