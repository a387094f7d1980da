"""A hall's existing register in: rows become issues whose history is replayed through the services.

`rows` reads and resolves, `replay` acts. So ledger, clocks and rounds of an imported issue are as real as those of one
that was registered here; acts whose time the file does not name get one by rule, and say so.
"""
