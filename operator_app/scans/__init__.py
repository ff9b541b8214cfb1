"""Paper forms printed, scanned and read: the desk's pages."""
