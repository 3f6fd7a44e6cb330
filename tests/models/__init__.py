"""Executable models of the hard rules: each file is one decision of docs/adr, small enough to read whole."""
