"""Requests and answers of estates, a file each kind of case."""
