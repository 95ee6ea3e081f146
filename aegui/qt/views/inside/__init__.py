"""The workspace that looks into the network.

view         the four pages, one of which is shown and asked for
page         what the pages share
ground       what the layers of a run are called, and how its samples are drawn
weights      rows, columns and kernels as pictures
activations  one test sample in every layer
gradients    what the next update is made of
slow         one update in five phases
course       where in those phases one is. No Qt
"""
