"""Personal values: found, split off, masked. How they are encrypted and hashed stands in `identity/`."""
