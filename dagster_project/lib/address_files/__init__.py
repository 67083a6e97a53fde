"""Files of addresses: any column of a table in CSV, a workbook or Parquet, standardised into another file.

How an address is read belongs in `identity/addresses/`, what a run does with the vault's
in `lib/addresses.py`.
"""

from dagster_project.lib.address_files.normalising import Normalised, normalise_file

__all__ = ["Normalised", "normalise_file"]
