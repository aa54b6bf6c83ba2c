"""How the atlas is shown: the scene document, the browser front end, the Panel app, figures and the command line."""
