"""Browser tests of other homes than JupyterLab's page: Voila, Notebook 7 and the bare command.

They need no page that the tests of JupyterLab leave behind, so either half of the suite can run
them (``tests/conftest.py``).
"""
