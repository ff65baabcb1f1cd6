"""The register: what happened, in order, by whom; who may write; and the seal of every file."""
