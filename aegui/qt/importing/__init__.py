"""Opening data of one's own: the dialog with its options, its preview and its reading beside the window.

opening   what the File menu and a drop on the window do
dialog    the dialog
options   the controls of a source, made from its spec
preview   some samples: pictures, curves or rows
report    what was found in the file
reading   reads in a thread, the latest wish only
recent    sources that were used before
"""
