"""Sign in: which shared database one works with, as whom, and what went wrong."""
