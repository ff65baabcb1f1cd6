select
    indicator,
    naam as indicator_naam,
    definitie,
    thema,
    soort,
    eenheid,
    factor,
    telt_op,
    teller,
    noemer,
    volgorde
from {{ ref('int_indicator') }}
