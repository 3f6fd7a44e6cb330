"""Definitions of the network's own, and the tagging of its past by them."""
