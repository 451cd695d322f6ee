"""Notifications: holds every service to its deadlines, and tells people.

Takes in every case event, derives the case's deadlines again from all that has happened to it, stores
them, watches them, and writes notices: the acknowledgement to the resident, reminders and breaches to
those who deal with the case. It answers for no standard of its own and for the keeping of all.
"""
