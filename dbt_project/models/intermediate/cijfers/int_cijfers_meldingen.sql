{{ cijfers('meldingen') }}
