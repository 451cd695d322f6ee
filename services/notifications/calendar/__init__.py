"""The calendar that everybody counts with: closures entered by officers, bank holidays as proclaimed."""
