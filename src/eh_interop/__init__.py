"""eh_interop: a data standard for Early Help records, and the toolkit that checks them."""
