"""publisher turns a vault of Markdown notes into a book worth keeping."""
