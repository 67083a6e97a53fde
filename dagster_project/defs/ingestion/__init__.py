"""Files from landing/ into the lake and the vault."""
