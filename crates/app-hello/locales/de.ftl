hello-title = Hallo
hello-greeting = { $greeting }, { $name }!
hello-explanation = Die Administration kann die Begrüßung in den Einstellungen ändern; sie gilt sofort.
hello-send = Begrüßung an mich senden
hello-sent = Die Begrüßung liegt in Ihrem Posteingang.
