"""Speed, measured as ratios within one run: absolute figures belong to a machine, ratios to the project."""
