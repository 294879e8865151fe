"""Welcome: what the first start offers."""
