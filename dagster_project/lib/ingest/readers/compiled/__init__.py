"""Large files of delimited text, read by compiled code: the same tables as csv_lines.py makes, in a fraction
of the time. It is worth its import (0.4 s) from some 64 MB on; small files never load it."""
