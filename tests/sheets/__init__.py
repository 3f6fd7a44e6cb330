"""Sheets: reports as files."""
