"""What two apps need and nobody's domain: clock, doors, transitions, ledger, images, working days, notices, ui tags.

Imports no other app of ours. Everything above may import it.
"""
