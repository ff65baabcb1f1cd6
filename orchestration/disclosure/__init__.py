"""What may leave: cells named by rules, what an attacker can work out of them, and what is hidden so that it is little enough."""
