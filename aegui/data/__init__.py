"""Files and built-in sets as :class:`Dataset`. numpy, no torch.

entry     what is known about a named data set before it is loaded
catalog   the named sets: a table, nothing is loaded
bundled   the sets that travel with the program or with scikit-learn
drawn_shapes, periodic_signals, manifolds   the sets that the program makes
downloads, fetching   the sets that are fetched, and how
importing files of one's own
idx       the reader of MNIST's format
archives  ZIP files, opened with limits
sources   every source, read once and kept, as Stored
mapped    arrays that stay in a file
stored    a whole set as a reader hands it over
draw      some of many samples, by seed and stratified
scaling   from the declared range, or from the training part alone
load      spec.Data and a seed -> Dataset
dataset   Dataset, Split, Affine
streams   independent random streams from one seed
"""
