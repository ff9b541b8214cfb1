"""Results arranged for reading and drawn on paper: the one workshop of the operator's and the council's documents."""
