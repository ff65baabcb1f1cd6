-- Diensten closed in ended months, of which the decision is known: from that their weeks are counted. An open one is not in it.
select
    diensten.dienst_id,
    maanden.periode_start as maand,
    diensten.dienst_soort,
    diensten.dagen_na_besluit / 7.0 as weken,
    coalesce(diensten.gebied_stadsdeel, diensten.gebied_gemeente) as gebied
from veilig_thuis.facts.fct_diensten as diensten
inner join veilig_thuis.marts.dim_periode as maanden
    on
        diensten.afgesloten_op between maanden.periode_start and maanden.periode_eind
        and maanden.periode_soort = 'maand'
        and maanden.volledig
        and not maanden.voorlopig
where diensten.dagen_na_besluit is not null
