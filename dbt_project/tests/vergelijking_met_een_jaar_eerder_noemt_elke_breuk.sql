-- What a mart says that disturbs a comparison with a year earlier is each break that the long table has, for the figures that it compares,
-- in a period after the one a year earlier and up to the row's own.
{{ breuken_sinds_een_jaar_eerder() }}
