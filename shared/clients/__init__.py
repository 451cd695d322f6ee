"""Clients of what is outside a service: other services, token issuers and their keys."""
