"""What a fit knows: parameters, indices, residuals, modification indices, scores."""
