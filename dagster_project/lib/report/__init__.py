"""The static report: pages of tables, written as HTML (zh, en), CSV and XLSX that need no server.

A page is built by a module of its own and knows no file format; writing is the same for all pages.
"""
