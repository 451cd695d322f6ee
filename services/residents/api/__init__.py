"""The routes of residents."""
