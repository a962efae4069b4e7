"""The page's own components and figures; app.py puts them together."""
