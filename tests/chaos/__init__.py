"""Processes that are killed while they work: nothing is lost and nothing is counted twice."""
