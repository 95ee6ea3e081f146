"""What is true of data and of a trained model. numpy and scikit-learn; torch in ``metrics``,
``coding``, ``sweep`` and ``looking`` alone.

pca           the PCA baseline, and everything else that a run has to beat
residuals     reconstruction errors of single samples and of all
difference    what a reconstruction has too much and too little of
similarity    how alike two pictures are beside that: PSNR and SSIM
reduction     error over code size: sizes, sweeps as tables, earlier runs as points
sweep         trains one experiment at several code sizes
denoising     samples under any noise, and the error over its strength
wiener        the best linear denoiser, which a denoising autoencoder has to beat
corruption    what a noise does on the average, in closed form
anomaly       the reconstruction error as a detector
features      the code against PCA and the raw input, by a probe and by the nearest neighbour
probe         what a straight cut through some features tells about the labels
neighbour     what the nearest training sample tells about them
units         what single units of a code do
sparsity      how much of the code is in use
coding        every sample as its code, and code_table as a table for other programs
latent        two axes through the space of codes, for the scatter
tsne          a map of neighbours among codes, without axes
manifold      ways through the space of codes: lines, grids and directions
drawing       samples drawn by hand
inside        what can be asked about weights, activations, gradients and the next update
run_list      runs on disk as a list, and comparison where two of them differ
metrics       the numbers of a run, as metrics.json holds them
looks         what views ask of a network and are told, and looking what answers it
threads       how many threads numpy takes where more would only wait for each other
json_text     numbers as JSON, which has no word for what is not finite
"""
