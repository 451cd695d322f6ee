"""Notices: what is owed to whom, the letters they leave in, and the ways that letters leave by."""
