"""The yearly figures as a report for aldermen and citizens: one HTML file and one tagged PDF, made of what may leave alone."""
