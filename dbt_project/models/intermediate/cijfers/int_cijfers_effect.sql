{{ cijfers('effect') }}
