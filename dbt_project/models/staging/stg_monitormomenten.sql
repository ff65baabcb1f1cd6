with bron as (
    select * from {{ source('historie', 'monitormomenten') }}
),

actueel as (
    select
        moment_id,
        casus_id,
        gepland_op,
        uitgevoerd_op,
        directe_veiligheid,
        structurele_veiligheid,
        nieuw_geweld,
        _levering,
        _bestand,
        _regel
    from bron
    where
        {{ telt_mee('monitormomenten') }}
)

select * from actueel
