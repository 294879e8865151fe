"""The visual language: colours, type, sizes, icons and the way Qt is told of them."""
