"""Everything an anonymous person can reach: public roster, hall screen. One room, so that the open doors are together.

Imports sessions, catalog, accounts and core. Shows frozen roster releases only; no page here knows citizen data.
"""
