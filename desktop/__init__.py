"""The desk: the window one person works in."""
