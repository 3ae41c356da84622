"""One platform a module: a raw export in, a plain table of answers out."""
