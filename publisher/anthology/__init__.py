"""Notes are chosen and put in order."""
