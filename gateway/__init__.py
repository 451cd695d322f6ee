"""The one public door: it knows who may come how often, and which service a path belongs to.

It forwards and decides nothing about a case. Each service verifies the caller's token again, so what a
caller may do is decided in one place, by the owner. Internal paths are in no route, and so cannot be
reached from outside.
"""
