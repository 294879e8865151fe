"""Qt item models: they show what was pushed in and say what they lack; they never wait."""
