"""Ways of running the services: all in one process, each in its own, and in containers."""
