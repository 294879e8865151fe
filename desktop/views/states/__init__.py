"""What stands in for a list that is empty, on its way or unreadable."""
