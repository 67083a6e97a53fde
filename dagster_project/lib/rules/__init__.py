"""Rules as data: what each kind may hold; checking a file, trying it on history, approving it.

A rule is a row of a seed that holds from one day to another; what a rule does stands in the SQL models.
"""
