"""The house's own linters: what ruff and sqlfluff cannot know.

`sizes` (length, docstrings, grain lines), `imports` (which part may import what), `layers` (which model may
read which), `portability` (the compiled models in their Spark form). Each is a function from text or from a
parsed file to findings; `__main__` feeds them the repository. SQL style belongs in .sqlfluff, Python
style in pyproject.toml.
"""
