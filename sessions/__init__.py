"""Programmes, rosters, window sessions, cases, step runs and feedback.

Imports catalog, accounts and core. Label, URL namespace and template folder are `window_sessions`, because
`django.contrib.sessions` owns the short name; the variable is `window_session`, never `session`.
"""
