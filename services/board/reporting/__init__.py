"""Reports: the questions of each kind of report as data, and the answers on their way to the API."""
