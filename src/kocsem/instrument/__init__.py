"""Survey definitions: typed records, loading, checking, schema."""
