"""Requests and answers about a complaint."""
