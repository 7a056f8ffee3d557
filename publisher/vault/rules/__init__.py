"""Our Markdown grammar, one rule a file."""
