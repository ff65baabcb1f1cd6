"""The Veilig Thuis warehouse: plain packages in the order of the flow, and Dagster's wiring around them."""
