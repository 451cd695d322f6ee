"""Rules of estates, a file each kind of case."""

DEPARTMENT = "estates"
