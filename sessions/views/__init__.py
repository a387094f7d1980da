"""Pages of sessions, one module per subject."""
