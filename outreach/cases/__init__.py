"""The work itself: cases, tracks and steps, from the list to the child taking part."""
