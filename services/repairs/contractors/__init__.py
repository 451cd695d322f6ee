"""Contractors: the firms to which jobs can be given.

A firm is known by its name, compared as people read it. An officer of the repairs department registers it; a
job, a slot and a second contractor name one that is registered. Its people sign in with that name as their
firm, whether as a machine client or through the council's own sign-in.
"""
