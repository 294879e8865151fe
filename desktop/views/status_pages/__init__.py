"""Status pages: who is told, through what, how often, and in which words."""
