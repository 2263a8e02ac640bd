settings-title = Einstellungen
settings-subtitle = Änderungen gelten sofort, in jeder laufenden App.
settings-nothing = Keine App hat Einstellungen angemeldet
settings-nothing-hint = Apps erscheinen hier, sobald sie starten.
settings-app-nothing = Diese App hat keine Einstellungen
settings-app = App
settings-count = Einstellungen
settings-version = Version
settings-state = Zustand
settings-total = { $count ->
    [one] { $count } Einstellung
   *[other] { $count } Einstellungen
}
settings-stored = { $count } geändert
settings-running = Läuft
settings-away = Läuft nicht
settings-misfits = { $count ->
    [one] { $count } Wert gilt nicht
   *[other] { $count } Werte gelten nicht
}
settings-general = Allgemein
settings-none = nicht gesetzt
settings-empty = leer
settings-on = an
settings-off = aus

settings-default = Vorgabe
settings-from-environment = Aus der Umgebungsvariable { $variable }
settings-changed-by = Geändert von { $name }, { $when }
settings-reset = Zurück zur Vorgabe: { $value }
settings-reset-environment = Zurück zum Wert der Umgebung: { $value }
settings-refused = { $count ->
    [one] Nichts wurde gespeichert. Ein Feld braucht Ihre Aufmerksamkeit.
   *[other] Nichts wurde gespeichert. { $count } Felder brauchen Ihre Aufmerksamkeit.
}
settings-saved = { $count ->
    [one] Eine Einstellung gespeichert. Sie gilt.
   *[other] { $count } Einstellungen gespeichert. Sie gelten.
}
settings-unchanged = Nichts zu speichern: Alle Einstellungen sind, wie sie waren.
settings-conflict = { $name } hat dies inzwischen auf „{ $value }“ geändert. Speichern Sie noch einmal, um es zu ersetzen.
settings-conflict-reset = Jemand hat dies inzwischen auf „{ $value }“ zurückgesetzt. Speichern Sie noch einmal, um es zu ersetzen.
settings-misfit = Der gespeicherte Wert gilt nicht, sondern die Vorgabe. { $reason }
settings-misfit-secret = Dies wurde als Geheimnis gespeichert und ist keines mehr. Setzen Sie es neu.
settings-misfit-open = Dies ist ein Geheimnis geworden und wird gerade verschlüsselt.

settings-hint-between = Zwischen { $least } und { $most }.
settings-hint-at-least = Mindestens { $least }.
settings-hint-at-most = Höchstens { $most }.
settings-hint-duration = Zum Beispiel 15m, 2h oder 7d.
settings-hint-list = Ein Wert pro Zeile.

settings-fault-type = Diesen Wert kann die Einstellung nicht haben.
settings-fault-required = Geben Sie einen Wert ein.
settings-fault-too-long = { $count ->
    [one] Verwenden Sie höchstens ein Zeichen.
   *[other] Verwenden Sie höchstens { $count } Zeichen.
}
settings-fault-control = Entfernen Sie Zeilenumbrüche und Steuerzeichen.
settings-fault-number = Geben Sie eine ganze Zahl ein.
settings-fault-below = Geben Sie mindestens { $least } ein.
settings-fault-above = Geben Sie höchstens { $most } ein.
settings-fault-boolean = Wählen Sie an oder aus.
settings-fault-option = Wählen Sie eine der Möglichkeiten.
settings-fault-url = Geben Sie eine ganze Adresse ein, die mit http:// oder https:// beginnt.
settings-fault-email = Geben Sie eine Mailadresse ein, etwa name@example.org.
settings-fault-duration = Geben Sie eine Dauer ein, etwa 15m, 2h oder 7d.
settings-fault-too-many = { $count ->
    [one] Geben Sie höchstens einen Wert ein.
   *[other] Geben Sie höchstens { $count } Werte ein.
}

settings-secret-stored = Gesetzt
settings-secret-unset = Nicht gesetzt.
settings-secret-unset-variable = Hier nicht gesetzt. Die App nimmt die Umgebungsvariable { $variable }, wenn sie eine hat.
settings-secret-new = Neuer Wert
settings-secret-set = Setzen
settings-secret-replace = Ersetzen
settings-secret-clear = Löschen
settings-secret-saved = Das Geheimnis ist verschlüsselt gespeichert und gilt.
settings-secret-cleared = Das Geheimnis ist gelöscht.
settings-secret-conflict = { $name } hat dieses Geheimnis inzwischen geändert. Geben Sie Ihres noch einmal ein, um es zu ersetzen.
settings-secret-conflict-cleared = Jemand hat dieses Geheimnis inzwischen gelöscht. Geben Sie Ihres noch einmal ein, um es zu setzen.

settings-history = Verlauf
settings-history-empty = Noch wurde nichts geändert
settings-history-set = { $old } → { $new }
settings-history-reset = { $old } → { $new } (Vorgabe)
settings-history-secret-set = Geheimnis gesetzt
settings-history-secret-cleared = Geheimnis gelöscht
settings-to-form = Einstellungen
settings-setting = Einstellung
settings-all = Alle Einstellungen
settings-when = Wann
settings-who = Wer
settings-what = Änderung
settings-older = Ältere
