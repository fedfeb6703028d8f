"""Pictures: upright, recognised offline, with columns and tables."""
