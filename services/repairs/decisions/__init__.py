"""Decisions about a repair that somebody must give a reason for (section 6).

Officers raise a priority above the guide's, for danger or vulnerability, and take back what was raised by
mistake; nobody goes below the guide. Residents and officers call a repair off. The reasons stay here, for
officers to read; what is published is that the priority was raised or corrected, or that the repair was
cancelled.
"""
