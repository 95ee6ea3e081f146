"""Files and built-in sets as :class:`Dataset`. numpy, no torch.

catalog   the built-in sets by name: a table, nothing is loaded
builtin   their stored bytes, kept in memory
idx       the reader of MNIST's format
draw      some of many samples, by seed and stratified
scaling   from the declared range, or from the training part alone
load      spec.Data and a seed -> Dataset
dataset   Dataset, Split, Affine
streams   independent random streams from one seed
"""
