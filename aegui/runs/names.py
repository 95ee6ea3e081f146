"""The names of the files in the folder of a run."""

EXPERIMENT, HISTORY, METRICS = "experiment.toml", "history.csv", "metrics.json"
WEIGHTS, CHECKPOINT = "weights.safetensors", "checkpoint/state.safetensors"
FRAMES = "checkpoint/frames.safetensors"  # weights of earlier steps, to be replayed
