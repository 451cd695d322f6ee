"""Use cases of residents: tenancies, the address book, and the questions of other services."""
