"""The FHIR package (implementation guide), made from ``schemas/`` and ``mappings/``.

``inputs`` reads what it is made from, ``artefacts`` has a module for each kind of
definition, ``package`` puts them together in the layout of npm FHIR packages.
"""
