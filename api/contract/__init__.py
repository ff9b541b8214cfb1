"""What /api/v1 promises, said once: the OpenAPI document, the checks of parameters and the page are made of it.

The words here are data, as a questionnaire's are: they go out in Russian as they stand.
"""
