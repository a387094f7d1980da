"""Today, the dashboard, the bench and the demo district: the uppermost layer, which may use every door below.

No models of its own.
"""
