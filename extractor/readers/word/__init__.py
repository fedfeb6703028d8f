"""Word files: Office Open XML, read with the standard library."""
