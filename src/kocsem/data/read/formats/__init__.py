"""One file format a module: the bytes of a file in, a table of its cells out."""
