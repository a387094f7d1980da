"""A hall's own files in: reading → headers → rows → loaders → report. Nothing here knows web pages.

`reading` turns files into sheets, `headers` finds out what a sheet holds, `cleaning` turns cells into values, `rows`
hands them to one loader per kind (`places`, `items`, `parts`, `bundles`, `people`), `saving` writes, `run` ties all
together in one transaction.
"""
