"""A small OpenShift-shaped node out of plain Linux namespaces."""
