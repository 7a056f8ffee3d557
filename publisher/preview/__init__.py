"""A book shown while it is made: a page for this machine alone, renewed when a file is saved."""
