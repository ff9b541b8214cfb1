"""The studio of posters: one organisation's sheet chosen by eye, a whole campaign's made in the background."""
