"""The offline engine: reads a notice by the conventions of the genre and answers with pointers."""
