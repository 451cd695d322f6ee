"""Presenters: what the API answers, as what a page shows; pure functions and literal tables."""
