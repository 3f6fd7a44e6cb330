"""Tests of finding reports."""
