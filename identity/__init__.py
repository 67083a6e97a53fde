"""Who and where: addresses, linking, stable customer ids, the vault of personal values. A pure library."""
