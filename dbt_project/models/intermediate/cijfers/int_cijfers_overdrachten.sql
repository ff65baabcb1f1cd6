{{ cijfers('overdrachten') }}
