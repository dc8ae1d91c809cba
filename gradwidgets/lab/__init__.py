"""What JupyterLab itself loads: cards, commands and links.

``static`` holds plain JavaScript that no tool has to build. Building the wheel copies it, with the
notebooks, to where JupyterLab looks for extensions: see `gradwidgets.lab.assemble`.
"""
