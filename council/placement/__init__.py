"""Where the code hangs: posters seen on walls, codes and links found on organisations' sites."""
