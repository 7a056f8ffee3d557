"""An anthology becomes prose."""
