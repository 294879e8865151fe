"""The frame of the window: menus, navigation, status bar and what floats above."""
