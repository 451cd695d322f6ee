"""The routes of repairs, one file a feature: parse, call one use case, present the repair."""
