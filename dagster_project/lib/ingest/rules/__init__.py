"""What a contract says of cells and rows, done to a table: columns, words, types, derivations, refusals."""
