"""How digests are composed and rendered."""
