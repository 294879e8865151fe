"""Catalogue: people, teams, services, products and categories, kept by administrators."""
