"""The book on paper: a chapter's XHTML becomes print HTML, and that becomes PDF."""
