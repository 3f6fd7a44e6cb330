"""Retention rules, legal holds, and a person's rights."""
