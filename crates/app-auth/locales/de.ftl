auth-sign-in = Anmelden
auth-sign-in-title = Anmelden
auth-next = Weiter
auth-somebody-else = Das bin ich nicht
auth-sign-out = Abmelden
auth-signed-out = Sie sind abgemeldet.
auth-login = Benutzername oder E-Mail
auth-login-missing = Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.
auth-username = Benutzername
auth-username-hint = 2 bis 40 Kleinbuchstaben, Ziffern, Punkte, Binde- oder Unterstriche.
auth-username-invalid = Wählen Sie einen anderen Benutzernamen, am Anfang und Ende mit einem Buchstaben oder einer Ziffer.
auth-display-name = Ihr Name
auth-display-name-invalid = Geben Sie Ihren Namen ein, höchstens 100 Zeichen.
auth-email = E-Mail-Adresse
auth-email-invalid = Geben Sie eine Adresse wie ada@example.org ein.
auth-password = Passwort
auth-password-old = Aktuelles Passwort
auth-password-new = Neues Passwort
auth-password-missing = Geben Sie Ihr Passwort ein.
auth-password-wrong = Das ist nicht Ihr Passwort. Prüfen Sie die Feststelltaste und versuchen Sie es noch einmal.
auth-password-hint = Mindestens 8 Zeichen. Ein paar zufällige Wörter ergeben ein gutes Passwort.
auth-password-too-short = Verwenden Sie mindestens 8 Zeichen.
auth-password-too-long = Verwenden Sie höchstens 128 Zeichen.
auth-password-common = Dieses Passwort würde jeder zuerst versuchen. Wählen Sie ein anderes.
auth-password-personal = Wählen Sie ein Passwort ohne Ihren Namen, Ihre Adresse oder den Namen dieses Produkts.
auth-password-same = Das ist Ihr aktuelles Passwort. Wählen Sie ein anderes.
auth-refused = Benutzername und Passwort passen nicht zusammen. Prüfen Sie beides und versuchen Sie es noch einmal.
auth-limited = { $count ->
    [one] Zu viele Versuche. Versuchen Sie es in einer Minute noch einmal.
   *[other] Zu viele Versuche. Versuchen Sie es in { $count } Minuten noch einmal.
}
auth-busy = Gerade melden sich viele Personen an. Versuchen Sie es in ein paar Sekunden noch einmal.
auth-stale = Diese Seite war zu lange geöffnet. Es ist nichts verloren: Senden Sie das Formular noch einmal.
auth-forgotten = Passwort vergessen? Die Administration kann Ihnen einen Link geben, mit dem Sie ein neues setzen.
auth-not-set-up-title = Es gibt noch keine Administration
auth-not-set-up = Öffnen Sie den Einrichtungslink, der beim Start der Plattform im Terminal ausgegeben wurde.
auth-confirm = Bestätigen
auth-sudo-title = Bestätigen Sie, dass Sie es sind
auth-sudo-text = Der nächste Schritt ist wichtig, und Ihre Anmeldung liegt eine Weile zurück. Geben Sie Ihr Passwort ein, um fortzufahren.
auth-set-up-title = Willkommen
auth-set-up-text = Legen Sie das erste Administrationskonto an. Alle anderen können Sie danach einladen.
auth-set-up-submit = Konto anlegen
auth-invitation-title = Willkommen, { $name }
auth-invitation-text = Wählen Sie zum Abschluss ein Passwort. Sie werden gleich angemeldet.
auth-invitation-submit = Passwort setzen und anmelden
auth-invitation-other = Sie sind als { $current } angemeldet. Wenn Sie fortfahren, werden Sie stattdessen als { $invited } angemeldet.
auth-dead-link-title = Dieser Link funktioniert nicht mehr
auth-dead-link-text = Er wurde schon benutzt, ist zu alt oder wurde nicht vollständig kopiert.
auth-dead-link-advice = Wenn Sie Ihr Passwort schon gesetzt haben, melden Sie sich einfach an. Bitten Sie sonst die Administration um einen neuen Link; ein Einrichtungslink wird im Terminal neu ausgegeben.
auth-security-title = Sicherheit
auth-security-text = Wo Sie angemeldet sind, und Ihr Passwort.
auth-sessions-title = Ihre Sitzungen
auth-sessions-text = Browser, in denen Sie angemeldet sind. Beenden Sie, was Sie nicht kennen, und ändern Sie Ihr Passwort.
auth-sessions-end-others = Alle anderen Sitzungen beenden
auth-sessions-ended = { $count ->
    [0] Es gab keine anderen Sitzungen.
    [one] Eine andere Sitzung wurde beendet.
   *[other] { $count } andere Sitzungen wurden beendet.
}
auth-session-current = Dieser Browser
auth-session-end = Beenden
auth-session-ended = Die Sitzung wurde beendet.
auth-device = Browser
auth-device-unknown = Unbekannter Browser
auth-signed-in-at = Angemeldet
auth-last-used = Zuletzt benutzt:
auth-device-on = { $program } auf { $system }
auth-password-title = Passwort
auth-password-text = Um ein neues Passwort zu setzen, brauchen Sie Ihr aktuelles.
auth-password-change = Passwort ändern
auth-password-changed = Ihr Passwort wurde geändert.
auth-password-end-others = Alle anderen Sitzungen beenden
auth-password-end-others-hint = Wer das alte Passwort kennt, wird abgemeldet.
