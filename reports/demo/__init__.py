"""The demo district 望澜区: loaded by the import code a hall uses, then lived through by the services.

All dates shift by whole weeks, so that the data's snapshot day falls in the present week; what lands on a holiday
moves to the next working day. On a day off, and before the hall opens, the district is seen as the last working day
left it: nobody sits, one session was left open, the next ones are on the roster. Nothing here writes a state: history
is replayed through the doors at its own moments, so ledger and clocks are as real as in daily use.
"""
