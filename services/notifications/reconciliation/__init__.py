"""Reconciliation: what owners have is compared with what was heard of it, and fetched where it differs."""
