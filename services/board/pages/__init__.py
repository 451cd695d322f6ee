"""Pages of the board, a file for each that belong together; each function is a few lines."""
