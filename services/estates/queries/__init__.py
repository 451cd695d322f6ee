"""Questions about sites and problems, a file each kind of case."""
