"""`make replay`: a council moving off an old system posts that system's CSV through the public API.

The way of a file, one module a step: `mapping` says what its columns and words mean, `rows` reads it and
sorts out what can be posted, `posting` posts that through `client`, `deadlines` asks what became of the
promises, and `summary` prints it. Nothing here knows the services: all goes through the gateway.
"""
