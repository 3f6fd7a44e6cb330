"""Tests of what runs by itself on one machine: the servers from wheels and the supervisor."""
