"""Requests and answers about a case of anti-social behaviour."""
