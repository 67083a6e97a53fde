"""The daily brief: the overview on one page of a phone, for a chat. HTML and PNG, in Chinese and English.

Made after publishing, from the published file; knows neither Streamlit nor Dagster.
"""
