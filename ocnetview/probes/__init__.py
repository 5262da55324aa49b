"""What is read on demand of the pod or process that is looked at."""
