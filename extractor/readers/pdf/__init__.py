"""PDF files: text with boxes, drawn lines, scans."""
