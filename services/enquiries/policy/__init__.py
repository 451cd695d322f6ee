"""The lifecycles and rules of enquiries, a file each kind of case."""

DEPARTMENT = "enquiries"
