"""The handyperson: minor repairs done for vulnerable tenants (section 6).

Whoever asks for the handyperson and is eligible is put in the handyperson's queue; whoever is not is told
why, and their repair goes the ordinary way. The ordinary clocks run in either case.
"""
