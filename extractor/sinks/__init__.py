"""Where records go: tables of one row a notice and one row a finding, as Parquet and as JSON Lines."""
