"""Tests of what machines of partners take over."""
