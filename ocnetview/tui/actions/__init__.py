"""What the commands do to the screen, a module for each theme."""
