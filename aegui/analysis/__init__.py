"""What is true of data and of a trained model. numpy and scikit-learn; torch in ``metrics``,
``coding``, ``sweep`` and ``looking`` alone.

pca        the PCA baseline, and everything else that a run has to beat
residuals  reconstruction errors of single samples and of all
reduction  error over code size: sizes, sweeps as tables, earlier runs as points
sweep      trains one experiment at several code sizes
sparsity   how much of the code is in use
probe      what a straight cut through some features tells about the labels
neighbour  what the nearest training sample tells about them
features   the code against PCA and the raw input, by both of these
units      what single units of a code do
coding     every sample as its code, and code_table as a table for other programs
anomaly    the reconstruction error as a detector
latent     two axes through the space of codes, for the scatter
metrics    the numbers of a run, as metrics.json holds them
inside     what can be asked about weights, activations, gradients and the next update
"""
