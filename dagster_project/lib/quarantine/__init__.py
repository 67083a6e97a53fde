"""What was refused, for people: listed, shown row by row, replayed after the contract was mended.

What is refused, and why, is ingestion's work; taking a file again is `lib/ingest/retake.py`.
"""
