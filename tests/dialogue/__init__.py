"""Tests of what comes back to whoever reported, and of what is asked and said about reports."""
