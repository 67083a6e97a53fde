"""The seeds of the address reference, and the script that makes them from public packages."""
