"""Photos and signatures kept with a case: what was found, what was done, who signed for it.

They are personal: they stay in the service's own database, are told of in no event, and are served only to
the officers of the department, to the resident (photos, and what they sent themselves), and to the firm that
has the job and uploaded them. A front end adds photos to what it reported itself, and reads none.
"""
