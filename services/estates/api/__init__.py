"""The routes of estates, a file each kind of case."""
