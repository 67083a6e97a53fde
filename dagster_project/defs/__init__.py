"""What Dagster loads, by stage: an asset calls the library and returns counts. Business rules stay out."""
