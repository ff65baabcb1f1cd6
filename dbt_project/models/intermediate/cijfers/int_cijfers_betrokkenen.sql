{{ cijfers('betrokkenen') }}
