"""Mending master data: what owners correct, under which rules, and what the warehouse suggests to them.

Corrections are entries of `inbox/corrections/`, laid over the newest master rows by the next run; the files
of the sources stay as they are. What is found wrong belongs in the marts, how a page looks in `app/`.
"""
