"""Tests of lists of designated groups and persons."""
