"""Tests of auditing."""
