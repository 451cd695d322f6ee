"""The one way to work on cases, written once for every service."""
