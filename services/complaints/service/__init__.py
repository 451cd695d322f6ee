"""Use cases of a complaint, a file each part of its way: (work, reference, body) -> complaint."""
