"""When things happen: the outermost layer."""
