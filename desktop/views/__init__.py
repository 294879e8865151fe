"""What a person sees: widgets that emit what was asked and change nothing."""
