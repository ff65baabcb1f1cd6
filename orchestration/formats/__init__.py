"""What may leave, in the formats that others read; each is made of the one Parquet file, and held to it before it stands anywhere."""
