{{ cijfers('gemelde_casussen') }}
