"""The issue register: issues, clocks, ledger, screenshots, tasks, rectification, verification, look-back, supervision.

Imports sessions, catalog, accounts and core.
"""
