"""What the pages ask of the published file: SQL with parameters, one module a question."""
