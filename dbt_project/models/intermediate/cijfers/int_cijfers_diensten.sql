{{ cijfers('diensten') }}
