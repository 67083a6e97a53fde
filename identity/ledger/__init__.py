"""The ledger of records, links and customers: what stays between two linkings, so that the next one only does
what is new.

`linking.link` is the way in. A linking of what is new leaves the ledger as a linking of all would; which
rules link stands in `identity`, not here.
"""
