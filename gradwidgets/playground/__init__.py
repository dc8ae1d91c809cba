"""The playground: choose data and layers, press Play, and watch graph, loss and output change."""
