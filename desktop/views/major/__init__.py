"""The major incident console: one quiet screen that runs the whole response."""
