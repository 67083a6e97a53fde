"""Files of every kind → tables of text cells with their line numbers. What a cell means is not known here."""
