-- Every column of these marts is the figure of the long table that its description names, on every row, and a mart has every row that the
-- long table has. The description is the one place that says which figure that is; the mart's own SQL is not asked. What a mart says of its
-- periods and areas is what dim_periode and dim_gebied say.
{{ marten_tegen_de_lange_tabel() }}
