"""The council's review: every organisation and figure in one table, what is beside each, what it follows from."""
