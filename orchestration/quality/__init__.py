"""Great Expectations at the edges: deliveries in, figures out."""
