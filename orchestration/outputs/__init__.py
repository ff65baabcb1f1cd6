"""What is made of a release for others: beside the folder, never in its way."""
