"""The pages behind the overview, one a file: a function from what the reader picked to HTML and its doors.

What Streamlit runs stands in app_pages/; here nothing runs on import.
"""
