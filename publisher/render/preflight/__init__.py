"""A finished PDF, opened with other tools than made it and held against what a printer takes."""
