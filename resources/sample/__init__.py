"""The sample company: its people, its catalogue and what its desk wrote, as text."""
