"""How the shipped model is made: a generated world with known truth, and the script that trains on it. Run by
hand (`luyue identity train`), never in a pipeline run."""
