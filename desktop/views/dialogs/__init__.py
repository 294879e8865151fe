"""Dialogs over the window: each takes values, asks, and emits one frozen form."""
