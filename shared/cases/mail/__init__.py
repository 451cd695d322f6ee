"""Mail about cases: read as it came, and kept with the case whose reference it quotes."""
