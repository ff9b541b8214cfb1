"""A long document bound of sections: each drawn by itself in bounded memory, joined without ever being held whole."""
