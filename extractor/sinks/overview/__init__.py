"""The overview: what many records say together, as tables and as pictures on one page without network."""
