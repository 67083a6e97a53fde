"""The pages that owners work from: every open finding of theirs, its cost and what to do, in one file each.

A file stands alone: data, style and script are within it, in both languages, and it asks nothing of anybody.
"""
