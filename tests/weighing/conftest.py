"""The network that these tests share."""

from tests.weighing.parties import weighers

__all__ = ["weighers"]
