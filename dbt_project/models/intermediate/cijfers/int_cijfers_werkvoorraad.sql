{{ cijfers('werkvoorraad') }}
