"""FHIR R4 (4.0.1) and UK Core: records as document Bundles, and Bundles as records.

A record becomes one QuestionnaireResponse that holds every field, and typed
resources that are a projection of it by the tables in ``mappings/fhir-r4``.
Nothing here is imported until FHIR is used, and the large FHIR libraries are
imported later still, by the functions that need them.
"""
