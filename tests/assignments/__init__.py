"""Tests of what is expected of whom, and of who reported."""
