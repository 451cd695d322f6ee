"""Use cases of enquiries, a file each part of their way: (work, reference, body) -> case."""
