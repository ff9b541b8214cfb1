"""What everybody reads: places, spheres and years, the search, who took part, open data; all of releases in force."""
