"""The page for a browser: what it shows, as values; `page.html` beside this file lays them out."""
