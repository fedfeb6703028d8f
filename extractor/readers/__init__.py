"""From files as notices are found to text: one module a kind of file, each answering with a ``Reading``."""
