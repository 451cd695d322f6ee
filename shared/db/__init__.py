"""One service's database: engine, transactions, its errors, bulk inserts, group commit, migrations."""
