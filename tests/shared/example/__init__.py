"""Permits: the example of a service, whole and as small as one can be; shared's own tests run on it.

A resident asks for a parking permit, and an officer issues it. Answers for the promise in standards.toml, and
publishes what happens to a permit (see events).
"""
