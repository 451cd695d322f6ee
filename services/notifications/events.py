"""What notifications says to others: nothing yet; it is the one that listens."""
