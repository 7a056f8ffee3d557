"""A book becomes bytes."""
