"""Requests and answers of residents: tenancies, the address book, households."""
