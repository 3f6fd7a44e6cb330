"""The demo's data, and the demo itself."""
