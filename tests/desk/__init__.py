"""What waits on analysts' desks, and how right tagging was by what they said."""
