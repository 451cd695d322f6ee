"""Forms of the acts on a case: literal tables, a file for each service, with the names that the API has."""
