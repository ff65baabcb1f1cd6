"""A page of figures in a browser, from one release: which one (``source``), what is asked of it (``figures``), how it looks (``page``)."""
