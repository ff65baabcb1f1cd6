"""The same models on Apache Spark, and what both engines made held against each other; no part of a night (docs/spark.md)."""
