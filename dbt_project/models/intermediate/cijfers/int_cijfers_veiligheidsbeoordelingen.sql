{{ cijfers('veiligheidsbeoordelingen') }}
