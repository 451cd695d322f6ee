"""The routes of enquiries, a file each kind of case."""
