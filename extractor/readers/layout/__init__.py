"""Pages of lines with boxes, of a PDF or a picture, in reading order."""
