"""The HTTP side that every service has in common."""
