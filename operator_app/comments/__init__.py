"""People's own words before anybody reads them: a reviewer of the operator's sees them masked, and decides."""
