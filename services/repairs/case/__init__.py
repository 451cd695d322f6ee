"""The repair itself: its tables, the guide, its lifecycle, and the questions that are asked of it."""
