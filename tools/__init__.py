"""What developers and CI run over the repository. Nothing here ships, and nothing that ships imports it."""
