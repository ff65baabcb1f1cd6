with bron as (
    select * from {{ source('historie', 'casussen') }}
),

buiten_venster as (
    select * from {{ ref('stg_buiten_venster') }}
    where entiteit = 'casussen'
),

actueel as (
    select
        bron.casus_id,
        bron.huishouden_id,
        bron.geopend_op,
        bron.afgesloten_op,
        bron._levering,
        bron._bestand,
        bron._regel,
        buiten_venster._regel is not null as afsluiting_buiten_venster
    from bron
    left join buiten_venster
        on
            bron._levering = buiten_venster._levering
            and bron._regel = buiten_venster._regel
    where bron._is_actueel
)

select * from actueel
