"""Keeping and forgetting: retention rules, what they empty and when, holds, and a person's rights."""
