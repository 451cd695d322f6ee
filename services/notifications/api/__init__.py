"""The routes of notifications: parse, call one use case, present."""
