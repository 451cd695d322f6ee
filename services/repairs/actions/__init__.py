"""Use cases that change more than one feature of a repair, one file each."""
