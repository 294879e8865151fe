"""Reusable widgets and painters; none of them knows an incident."""
