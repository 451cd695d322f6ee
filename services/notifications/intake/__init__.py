"""Intake of what owners publish: every event of every service, in any order."""
