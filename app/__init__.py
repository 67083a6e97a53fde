"""The dashboard, over the published file only."""
