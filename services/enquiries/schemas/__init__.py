"""Requests and answers of enquiries, a file each kind of case."""
