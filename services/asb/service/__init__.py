"""Use cases of a case of anti-social behaviour, and how it is presented."""
