"""Reconciliation: owners' cases are compared with the events received, and fetched where they differ."""
