"""Rules about the code itself, where a sentence in a document would be forgotten."""
