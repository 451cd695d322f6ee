"""Decisions about a repair that somebody must give a reason for (section 6).

Officers raise a priority above the guide's, for danger or vulnerability; nobody lowers one. Residents and
officers call a repair off. The reasons stay here, for officers to read; what is published is that the
priority was raised, or that the repair was cancelled.
"""
