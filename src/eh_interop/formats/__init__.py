"""The formats that other people use: one package each. No format imports another."""
