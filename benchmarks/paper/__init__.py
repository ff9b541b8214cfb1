"""How well paper is read: sheets filled in by made-up hands, spoiled, scanned and photographed, read and compared."""
