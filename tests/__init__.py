"""All tests: a folder per slice, beside architecture, whole runs and benches."""
