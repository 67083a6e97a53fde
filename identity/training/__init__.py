"""How the shipped model is made: a generated world with known truth, and the script that trains on it. Run by
hand (`python -m identity.training.train`), never in a pipeline run."""
