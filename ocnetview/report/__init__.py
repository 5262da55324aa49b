"""The headless front ends, over the same columns as the screen."""
