"""Tests of what a text says by itself."""
