-- Grain: a request for advice that was closed; it belongs to the period in which it was.
with vormen as (
    select
        advies_id,
        list(vorm order by vorm) as vormen
    from facts.brg_adviesvraag_vorm
    group by advies_id
)

select
    adviezen.afgesloten_op as telt_op,
    nummers.advies_nummer as nummer,
    adviezen.gestart_op,
    adviezen.afgesloten_op,
    adviezen.kanaal,
    adviezen.hoedanigheid,
    adviezen.anoniem,
    adviezen._levering,
    adviezen._bestand,
    adviezen._regel,
    nullif(adviezen.gebied_gemeente, 'BUITEN') as gemeente,
    coalesce(vormen.vormen, []) as vormen
from facts.fct_adviesvragen as adviezen
inner join kluis.adviesvragen as nummers
    on adviezen._levering = nummers._levering and adviezen._regel = nummers.regel
left join vormen on adviezen.advies_id = vormen.advies_id
where adviezen.afgesloten_op is not null
