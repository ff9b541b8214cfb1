"""The council's room and what the public sees of it: results as pages, documents and data."""
