"""Tests of cleaning and of personal data."""
