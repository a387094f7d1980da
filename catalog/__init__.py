"""Halls, windows, service items with steps and documents, relations, bundles, guide revisions, simulation packs.

Imports accounts and core only.
"""
