"""The statements about cases as letters need them, about notices that are owed, and about letters."""
