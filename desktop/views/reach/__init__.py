"""How people are reached, and through which accounts."""
