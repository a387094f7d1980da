"""Settings, URLs and process entry points. Imports URLconfs only; no app imports this package."""
