"""The yearly servicing of heating appliances and smoke alarms (section 6 of the standards).

Each appliance is a case of its own: it is registered, one by one or from a file, serviced every year, and
removed in the end. Nobody is named in it, so nobody but the department is written to about it.
"""
