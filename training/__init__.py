"""Learning the stance model from our own labelled rows. Not shipped: only the weights are (``pipeline/reading/learned.npz``)."""
