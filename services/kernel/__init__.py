"""The small shared ground: settings, database, events, audit, errors; no word of the domain in it."""
