"""Gold annotations made by hand, and how well records agree with them."""
