"""Dashboards, league table, exports: reads of everything below, no models but frozen snapshots."""
