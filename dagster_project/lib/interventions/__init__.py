"""What customer service asks of the merchant's order system: the contract, the outbox, and sealed addresses.

No page and no role: whether somebody may ask is the dashboard's to say.
"""
