"""Forms 1, 2 and 4 (norms A4): what people say beside the survey, on /q/<code>/…, shown beside the figures."""
