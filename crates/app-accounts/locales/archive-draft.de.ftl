accounts-archive = Archiv der Daten
accounts-archive-text = Alles, was hier über Sie gespeichert ist, in einer Datei: Profil und Gruppen, womit und von wo Sie sich anmelden, was Ihnen mitgeteilt wurde und was durch Sie und mit Ihnen geschah. Passwörter, Schlüssel und andere Geheimnisse sind nicht dabei.
accounts-archive-of = Alles, was über { $name } gespeichert ist, in einer Datei. Nur Sie können sie öffnen; dass Sie darum gebeten und sie geöffnet haben, steht im Prüfpfad.
accounts-archive-hint = Das Sammeln dauert einen Augenblick; Sie erfahren, wenn es fertig ist. Es wird 7 Tage aufbewahrt.
accounts-archive-ask = Archiv erstellen
accounts-archive-asked = Das Archiv wird erstellt. Sie erfahren, wenn es fertig ist.
accounts-archive-under-way = Ein Archiv wird schon erstellt.
accounts-archive-too-many = Mehr als 20 Archive am Tag gehen nicht. Versuchen Sie es morgen wieder.
accounts-archive-look = Noch einmal nachsehen
accounts-archive-open = Herunterladen
accounts-archive-until = Aufbewahrt bis
accounts-archive-collecting = Wird erstellt
accounts-archive-ready = Fertig
accounts-archive-failed = Konnte nicht erstellt werden
accounts-archive-progress = Dienste, die gesagt haben, was sie speichern
accounts-archive-part-waiting = Wird gefragt
accounts-archive-part-again = Antwortete nicht, wird noch einmal gefragt
accounts-archive-part-done = Fertig
accounts-archive-part-failed = Antwortete nicht oder sagte zu viel
accounts-archive-readme =
    Dieses Archiv enthält alles, was über die Person { $person } gespeichert ist, Stand { $at }.

    Jeder Ordner ist ein Teil der Plattform, jede Datei eine Liste von Einträgen in JSON. Zeiten sind UTC.
    Passwörter, Schlüssel und andere Geheimnisse sind nicht dabei: Sie liegen in einer Form vor, die sich nicht zurücklesen lässt, oder versiegelt.
accounts-archive-readme-accounts = Profil, Mailadressen, eigene Felder, Gruppen, Einladungen, was durch die Person und mit ihr geschah
accounts-archive-readme-auth = Anmeldung: Sitzungen, Browser, Schlüssel, womit sich die Person anmeldet, Versuche der letzten 90 Tage
accounts-archive-readme-notifications = was der Person mitgeteilt wurde, und Mail an sie
accounts-archive-readme-settings = Einstellungen der Plattform, die die Person geändert hat
