"""The product's own library: mechanism that every service uses, and no noun of a single one."""
