"""Deadlines as they are stored and enforced: recalculated from facts, and swept as they come due."""
