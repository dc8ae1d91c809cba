"""Browser tests of other homes than JupyterLab's page: Voila, Notebook 7 and the bare command."""
