"""Uploads: how far a bulk upload came and what was refused of it, for whoever sends it, also after a dropped line."""
