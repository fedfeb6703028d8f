"""Web pages, as they are served or saved."""
