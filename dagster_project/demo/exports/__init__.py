"""The files that platforms and the merchant's systems export: one module a format, written as of an
export time.

What happened is read from the world; nothing is decided here but how it looks on file.
"""
