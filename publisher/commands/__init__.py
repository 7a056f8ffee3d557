"""What the user can ask for, a module a kind of wish."""
