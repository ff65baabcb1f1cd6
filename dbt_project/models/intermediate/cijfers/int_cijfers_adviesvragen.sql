{{ cijfers('adviesvragen') }}
