"""The page's tabs, a file for each: layout and wiring only."""
