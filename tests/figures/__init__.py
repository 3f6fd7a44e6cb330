"""Figures and the map."""
