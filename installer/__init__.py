"""Making what people install: the bundle, the Debian package, and the proof that they start."""
