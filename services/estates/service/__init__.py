"""Use cases of estates, a file each part of the work."""
