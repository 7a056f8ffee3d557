"""Files become notes."""
