"""Who and where: addresses, linking, stable customer ids, and the vault of personal values. A pure library."""
