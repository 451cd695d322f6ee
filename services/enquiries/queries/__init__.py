"""Questions about enquiries, a file each kind of case."""
