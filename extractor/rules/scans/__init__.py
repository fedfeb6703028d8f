"""Scans of printed pages: stray lines put back in order, lines that were glued cut."""
