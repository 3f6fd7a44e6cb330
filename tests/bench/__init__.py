"""The bench: every limit of the design, measured beside what it is a ratio of, in one run."""
