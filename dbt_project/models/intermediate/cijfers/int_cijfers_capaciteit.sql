{{ cijfers('capaciteit') }}
