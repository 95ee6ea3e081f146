"""Files of one's own as :class:`~aegui.data.stored.Stored`.

reading      read_file, fingerprint and guess: the entry to all importers
guessing     which kind of source a file or folder is, by its contents
idx_source   IDX files
images       folders of pictures
arrays       NPY and NPZ files
tables       CSV and TSV files
report       what a data set holds and what scaling will do to it, for people

limits       how large and how small data may be, and how a file is refused
signatures   formats by their first bytes
imported     Imported: a Stored that also knows what was missing
naming       names from a file as they can be shown
labels       class indices and names from whatever stood in a file
numbers      the numbers of an array: their type, range and gaps
shaping      which axis of an array is what
text_file    text in any usual encoding, line by line, within bounds
dialect      delimiter, decimal sign and header of a table
cells        the cells of a table as numbers and words
draft        a table on its way to a data set
label_column the column with the classes
columns      columns of words, and gaps among the numbers
rows         whether rows of numbers are records, signals or pictures
numpy_file   headers of NPY and NPZ files, checked before anything is read
numpy_header shape, order and type that a header declares, none that could do harm
array_names  which array holds the samples, the labels, the test part
"""
