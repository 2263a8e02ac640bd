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
auth-refused-or-away = Benutzername und Passwort passen nicht zusammen, oder das Verzeichnis, das Passwörter verwahrt, ist gerade nicht erreichbar. Prüfen Sie beides und versuchen Sie es in einer Minute noch einmal; die anderen Wege der Anmeldung gehen.
auth-directory-hint = Das Verzeichnis hat eigene Regeln. Hier: mindestens 8 Zeichen.
auth-directory-change = Ihr Passwort muss zuerst geändert werden, in dem Verzeichnis, das es verwahrt.
auth-directory-change-title = Neues Passwort wählen
auth-directory-change-text = Das Verzeichnis, das Ihr Passwort verwahrt, verlangt ein anderes, bevor es Sie einlässt. Alle anderen Sitzungen Ihres Kontos enden dann.
auth-directory-change-submit = Passwort ändern und anmelden
auth-directory-expired = Ihr Passwort ist abgelaufen, und { $directory } lässt es hier nicht mehr ändern. Lassen Sie es dort zurücksetzen.
auth-directory-closed = Das Verzeichnis, das Ihr Passwort verwahrt, lässt Sie gerade nicht ein. Fragen Sie, wer es betreibt.
auth-directory-away = Das Verzeichnis, das Ihr Passwort verwahrt, ist gerade nicht erreichbar. Nichts wurde geändert: Versuchen Sie es in einer Minute noch einmal.
auth-directory-too-weak = Das Verzeichnis nimmt dieses Passwort nicht: Es ist zu einfach. Wählen Sie ein anderes.
auth-directory-too-short = Das Verzeichnis nimmt dieses Passwort nicht: Es ist zu kurz. Wählen Sie ein längeres.
auth-directory-in-history = Das Verzeichnis nimmt kein Passwort, das Sie kürzlich hatten. Wählen Sie ein anderes.
auth-directory-too-young = Das Verzeichnis lässt ein so neues Passwort noch nicht ändern. Versuchen Sie es später.
auth-directory-not-allowed = Das Verzeichnis lässt Sie Ihr Passwort nicht ändern. Fragen Sie, wer es betreibt.
auth-directory-rules = Das Verzeichnis nimmt dieses Passwort nicht: Seine Regeln verbieten es. Wählen Sie ein anderes.
auth-password-in-directory = Ihr Passwort wird in { $directory } verwahrt. Wenn Sie es hier ändern, ändert es sich dort, für alles, wofür Sie es benutzen.
auth-kept-elsewhere-title = Willkommen, { $name }
auth-kept-elsewhere-text = Ihr Passwort wird in { $directory } verwahrt: Melden Sie sich damit an. Hier wird keines gewählt.
auth-reset-elsewhere = { $directory } verwahrt das Passwort dieser Person. Setzen Sie es dort zurück.
auth-mail-elsewhere-heading = Ihr Passwort wird in { $directory } verwahrt
auth-mail-elsewhere-text = Jemand hat ein neues Passwort für Ihr Konto verlangt. Hier kann keines gewählt werden: Wer { $directory } betreibt, setzt es zurück. Wenn Sie es kennen, melden Sie sich damit an wie immer.
auth-mail-elsewhere-note = Wenn Sie es nicht verlangt haben, tun Sie nichts: Ihr Passwort bleibt, wie es ist.
auth-person-in-directory = in { $directory } verwahrt
auth-explain-directory-change = Das Passwort passte, aber das Verzeichnis verlangt, dass es zuerst geändert wird.
auth-explain-directory-expired = Das Passwort passte, ist aber im Verzeichnis abgelaufen, das es nicht mehr ändern lässt. Setzen Sie es dort zurück.
auth-explain-directory-locked = Das Verzeichnis lässt das Konto nicht ein: Es ist dort gesperrt oder abgelaufen.
auth-explain-directory-nobody = Das Verzeichnis kennt die Person nicht mehr. Sehen Sie sich seinen nächsten Lauf an.
auth-explain-directory-away = Das Verzeichnis war nicht erreichbar. Das Protokoll von Konten sagt, bei welchem Schritt es endete.
auth-explain-directory-spared = Zu viele falsche Passwörter aus unbekannten Browsern gingen voraus: Das Verzeichnis wurde nicht gefragt, damit es das Konto nicht sperrt. Die Person hat eine E-Mail mit einem Weg hinein.
auth-explain-kept-elsewhere = { $directory } verwahrt das Passwort.
auth-password-old = Aktuelles Passwort
auth-password-new = Neues Passwort
auth-password-missing = Geben Sie Ihr Passwort ein.
auth-password-wrong = Das ist nicht Ihr Passwort. Prüfen Sie die Feststelltaste und versuchen Sie es noch einmal.
auth-password-hint = Mindestens 15 Zeichen, neben einem zweiten Faktor 8. Ein paar zufällige Wörter ergeben ein gutes Passwort.
auth-password-too-short = Verwenden Sie mindestens 8 Zeichen.
auth-password-too-short-alone = Verwenden Sie mindestens 15 Zeichen. 8 genügen, sobald Sie einen zweiten Faktor eingerichtet haben.
auth-password-too-long = Verwenden Sie höchstens 128 Zeichen.
auth-password-common = Dieses Passwort würde jeder zuerst versuchen. Wählen Sie ein anderes.
auth-password-personal = Wählen Sie ein Passwort ohne Ihren Namen, Ihre Adresse oder den Namen dieser Organisation oder dieses Produkts.
auth-password-leaked = Dieses Passwort steht in einer Liste geleakter Passwörter. Wählen Sie ein anderes, und ändern Sie es überall, wo Sie es benutzen.
auth-password-same = Das ist Ihr aktuelles Passwort. Wählen Sie ein anderes.
auth-refused = Benutzername und Passwort passen nicht zusammen. Prüfen Sie beides und versuchen Sie es noch einmal.
auth-limited = { $count ->
    [one] Zu viele Versuche. Versuchen Sie es in einer Minute noch einmal.
   *[other] Zu viele Versuche. Versuchen Sie es in { $count } Minuten noch einmal.
}
auth-busy = Gerade melden sich viele Personen an. Versuchen Sie es in ein paar Sekunden noch einmal.
auth-away = Das geht gerade nicht. An Ihren Eingaben liegt es nicht: Warten Sie einen Moment und senden Sie das Formular noch einmal.
auth-stale = Diese Seite war zu lange geöffnet. Es ist nichts verloren: Senden Sie das Formular noch einmal.
auth-forgotten = Passwort vergessen? Die Administration kann Ihnen einen Link geben, mit dem Sie ein neues setzen.
auth-not-set-up-title = Es gibt noch keine Administration
auth-not-set-up = Öffnen Sie den Einrichtungslink, der beim Start der Plattform im Terminal ausgegeben wurde.
auth-confirm = Bestätigen
auth-sudo-title = Bestätigen Sie, dass Sie es sind
auth-sudo-text = Der nächste Schritt ist wichtig, und Ihre Anmeldung liegt eine Weile zurück. Geben Sie Ihr Passwort ein, um fortzufahren.
auth-sudo-held-text = Ihre Anmeldung liegt eine Weile zurück. Geben Sie Ihr Passwort ein, um fortzufahren: Was Sie ausgefüllt haben, bleibt erhalten und wird danach gesendet.
auth-held-title = Danke, Sie sind es
auth-held-text = Was Sie ausgefüllt haben, ist noch da. Senden Sie es jetzt; nichts muss neu eingegeben werden.
auth-held-submit = Jetzt senden
auth-held-discard = Verwerfen
auth-held-gone-title = Hier ist nichts mehr aufgehoben
auth-held-gone-text = Ausgefülltes wird eine halbe Stunde aufgehoben, für die Person, die es ausgefüllt hat.
auth-held-home = Zur Startseite
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

# Wer mehr nachweisen muss
auth-admin-policy = Richtlinie
auth-admin-people = Faktoren
auth-policy-roles = Was jede Rolle nachweisen muss
auth-policy-text = Es zählt die höchste Forderung aus Rolle und Gruppen einer Person.
auth-policy-admins = Administration
auth-policy-users = Mitglieder
auth-policy-guests = Gäste
auth-policy-none = Ein Weg genügt
auth-policy-second = Ein zweiter Faktor: Einmalpasswort oder Passkey
auth-policy-phishing = Ein Passkey: nichts, was sich abfischen lässt
auth-policy-grace = Wer weniger hat, bekommt ab der nächsten Anmeldung sieben Tage, um es einzurichten. Wer als Administrator in einer Sitzung weniger nachgewiesen hat, bestätigt sich erneut, bevor diese Seiten erreichbar sind.
auth-policy-save = Speichern
auth-policy-saved = Die Richtlinie wurde gespeichert.
auth-policy-invalid = Wählen Sie eine der angebotenen Forderungen.
auth-policy-groups = Gruppen, die mehr nachweisen müssen
auth-policy-groups-text = Nach dem Namen der Gruppe; wer über eine andere Gruppe darin ist, zählt auch.
auth-policy-group = Gruppe
auth-policy-requirement = Muss nachweisen
auth-policy-choose = Gruppe wählen
auth-policy-group-add = Gruppe hinzufügen
auth-policy-no-groups = Es gibt keine weitere Gruppe mit Personen darin.
auth-policy-members = { $count ->
    [0] Zurzeit ist niemand darin.
    [one] Eine Person ist darin.
   *[other] { $count } Personen sind darin.
}
auth-people-none = Niemand passt
auth-person-disabled = gesperrt
auth-person-totp = Einmalpasswörter
auth-person-passkeys = { $count ->
    [one] ein Passkey
   *[other] { $count } Passkeys
}
auth-person-has = Meldet sich an mit
auth-person-changed = zuletzt geändert:
auth-person-nothing = nichts
auth-person-paper = Wiederherstellungscodes
auth-person-passkey = Passkey
auth-person-asked = Was verlangt wird
auth-person-asked-text = Durch Rolle, durch Gruppen und nur von dieser Person: Es zählt die höchste Forderung.
auth-person-asked-in-all = Insgesamt
auth-person-meets = eingerichtet
auth-person-owes = nicht eingerichtet
auth-person-grace = Aufschub bis
auth-person-own = Für Sie selbst: Ihre Sicherheitsseite
auth-person-require = Nur von dieser Person
auth-person-require-hint = Gilt sofort: Die Frist zum Einrichten ist vorbei, und Sitzungen, in denen weniger nachgewiesen wurde, enden.
auth-person-require-now = Jetzt verlangen
auth-person-required-done = Das gilt ab jetzt.
auth-person-reset = Alle zweiten Faktoren entfernen
auth-person-reset-text = Einmalpasswörter, Passkeys und alle Codes auf Papier von { $name } gelten nicht mehr, alle Sitzungen enden, und { $name } wird benachrichtigt. Das Passwort bleibt. Vergewissern Sie sich auf anderem Weg, dass die Bitte wirklich von dieser Person kam.
auth-person-reset-done = Alle zweiten Faktoren wurden entfernt, alle Sitzungen sind beendet.

# Passkeys
auth-or = oder
auth-passkey-sign-in = Mit Passkey anmelden
auth-passkey-confirm = Mit Passkey bestätigen
auth-passkey-instead = Stattdessen einen Passkey verwenden
auth-passkey-refused = Das hat nicht geklappt. Versuchen Sie es erneut, oder melden Sie sich anders an.
auth-passkey-failed = Es wurde nichts bestätigt. Versuchen Sie es erneut, oder gehen Sie einen anderen Weg.
auth-passkeys-title = Passkeys
auth-passkeys-text = Melden Sie sich mit Fingerabdruck, Gesicht oder Sicherheitsschlüssel an. Einen Passkey kann niemand erraten oder abfischen.
auth-passkeys-none = Sie haben noch keinen Passkey.
auth-passkey-add = Passkey hinzufügen
auth-passkey-add-title = Ohne Passwort anmelden
auth-passkey-add-text = Ihr Gerät bewahrt einen Passkey auf und entsperrt ihn mit Fingerabdruck, Gesicht oder PIN.
auth-passkey-offer-text = Dieses Gerät kann einen Passkey aufbewahren: Nächstes Mal genügt ein Fingerabdruck, ein Blick oder die PIN.
auth-passkey-later = Nicht jetzt
auth-passkey-required = Ihre Rolle oder eine Ihrer Gruppen verlangt einen Passkey. Fügen Sie einen hinzu, um fortzufahren.
auth-passkey-unknown-here = Dieser Browser kann hier keine Passkeys verwenden. Nehmen Sie einen aktuellen Browser, mit JavaScript, über https.
auth-passkey-name = Name
auth-passkey-name-hint = Etwa „Laptop im Büro“. Bleibt das Feld leer, heißt er wie Ihr Gerät.
auth-passkey-name-invalid = Geben Sie einen Namen mit höchstens 100 Zeichen ein.
auth-passkey-added = Der Passkey „{ $name }“ wurde hinzugefügt.
auth-passkey-added-use = Der Passkey „{ $name }“ wurde hinzugefügt. Verwenden Sie ihn jetzt, um fortzufahren.
auth-passkey-not-added = Der Passkey wurde nicht hinzugefügt. Versuchen Sie es erneut.
auth-passkey-paper = Damit kommen Sie nach Ihrem Passwort hinein, wenn der Passkey nicht zur Hand ist.
auth-passkey-too-many = Sie haben so viele Passkeys, wie es geben darf. Entfernen Sie zuerst einen.
auth-passkey-model = Aufbewahrt von
auth-passkey-since = Hinzugefügt
auth-passkey-last-used = Zuletzt benutzt
auth-passkey-never-used = Nie benutzt
auth-passkey-manage = Verwalten
auth-passkey-rename = Umbenennen
auth-passkey-renamed = Der Passkey hat einen neuen Namen.
auth-passkey-remove = Passkey entfernen
auth-passkey-remove-text = Er gilt hier sofort nicht mehr. Löschen Sie ihn auch auf Ihrem Gerät, damit er nicht mehr angeboten wird.
auth-passkey-end-others-hint = Wer sich damit angemeldet hat, wird abgemeldet.
auth-passkey-removed = Der Passkey wurde entfernt.
auth-passkey-last = Dieser Passkey ist Ihr einziger Zugang. Setzen Sie zuerst ein Passwort (bei der Anmeldung „Passwort vergessen?“) oder fügen Sie einen weiteren Passkey hinzu.
auth-second-factor-text-passkey = Zeigen Sie noch einmal, dass Sie es sind.
auth-explain-passkey = Der Passkey passte nicht: unbekannt oder entfernt, zu spät beantwortet, für eine andere Adresse oder ohne ihn zu entsperren.
auth-explain-passkey-counter = Der Zähler des Passkeys ging zurück: Es könnte eine Kopie geben. Lassen Sie die Person ihn entfernen und neu hinzufügen.

# Schlüssel
auth-keys-title = API-Schlüssel
auth-keys-text = Für Programme, die für Sie handeln. Ein Schlüssel reicht nie bis zu Ihrem Passwort, Ihren Sitzungen oder anderen Schlüsseln.
auth-keys-open = Schlüssel ansehen
auth-keys-none = Noch keine Schlüssel
auth-keys-none-text = Erstellen Sie für jedes Programm einen eigenen, damit Sie ihn allein beenden können.
auth-key-new = Neuer Schlüssel
auth-key-new-text = Er wird einmal gezeigt und nur als Prüfsumme gespeichert.
auth-key-create = Schlüssel erstellen
auth-key-name = Name
auth-key-name-hint = Wo er benutzt wird, etwa „Sicherung auf nas“.
auth-key-name-invalid = Geben Sie einen Namen mit höchstens 80 Zeichen ein.
auth-key-scopes = Rechte
auth-key-scopes-hint = Was er darf, eines je Zeile: App, Doppelpunkt, Handlung, etwa files:read. Alles andere wird abgelehnt. Mit identity:read erfährt ein Programm, wer es ist; mit accounts:provision pflegt ein Verzeichnisdienst Personen und Gruppen.
auth-key-scopes-missing = Nennen Sie mindestens ein Recht, etwa identity:read.
auth-key-scopes-invalid = Schreiben Sie jedes Recht als app:handlung in Kleinbuchstaben, höchstens 20. Für die Anmeldung selbst gibt es keine.
auth-key-days = Gilt für
auth-key-days-choice = { $count ->
    [one] einen Tag
   *[other] { $count } Tage
}
auth-key-days-invalid = Wählen Sie 1 bis 365 Tage.
auth-key-app = Nur für die App
auth-key-app-hint = Kennung einer App, etwa files. Leer lassen für alle, die die Rechte nennen.
auth-key-app-invalid = Geben Sie die Kennung einer App ein, etwa files.
auth-key-resource = Nur für die Ressource
auth-key-resource-hint = Wie die App sie nennt, etwa folder/7.
auth-key-resource-invalid = Höchstens 200 Zeichen ohne Leerzeichen und #.
auth-key-networks = Nur aus den Netzen
auth-key-networks-hint = Eines je Zeile, etwa 192.0.2.0/24 oder 2001:db8::/32. Leer lassen für alle.
auth-key-networks-invalid = Geben Sie höchstens 20 Netze wie 192.0.2.0/24 ein.
auth-key-too-many = Es gibt schon 50 gültige Schlüssel. Beenden Sie zuerst einen.
auth-key-made-title = Ihr neuer Schlüssel
auth-key-made-once = Kopieren Sie den Schlüssel jetzt. Er wird nicht gespeichert und nie wieder gezeigt.
auth-key-made-use = Programme senden ihn im Kopffeld Authorization hinter dem Wort Bearer.
auth-key-made-done = Fertig
auth-key-begins = Beginnt mit
auth-key-bounds = Beschränkt auf
auth-key-bound-app = App { $app }
auth-key-bound-resource = Ressource { $resource }
auth-key-bound-networks = Netze { $networks }
auth-key-created = Erstellt
auth-key-expires = Läuft ab
auth-key-last-used = Zuletzt benutzt
auth-key-last-used-from = Aus dem Netz
auth-key-never-used = Nie benutzt
auth-key-holder = Handelt für
auth-key-service = Dienst
auth-key-roll = Schlüssel ersetzen
auth-key-roll-text = Sie erhalten einen neuen Schlüssel mit denselben Rechten. Der alte gilt noch eine Weile, damit nichts stehen bleibt.
auth-key-overlap = Der alte Schlüssel gilt noch
auth-key-overlap-none = Gar nicht
auth-key-overlap-hour = Eine Stunde
auth-key-overlap-day = Einen Tag
auth-key-overlap-week = Eine Woche
auth-key-revoke = Schlüssel beenden
auth-key-revoke-short = Beenden
auth-key-revoke-text = Programme mit diesem Schlüssel werden sofort abgelehnt. Das lässt sich nicht rückgängig machen.
auth-key-revoked = Der Schlüssel gilt nicht mehr.
auth-key-ended-returned = zurückgegeben
auth-key-ended-revoked = beendet
auth-key-ended-expired = abgelaufen
auth-key-ended-rolled = ersetzt
auth-key-ended-leaked = als öffentlich gemeldet

# Verwaltung
auth-admin-title = Anmeldesicherheit
auth-admin-keys = Schlüssel
auth-admin-keys-none = Niemand hat einen Schlüssel
auth-admin-keys-none-text = Personen erstellen Schlüssel unter Sicherheit. Dienstkonten erhalten ihre hier.
auth-admin-accounts = Dienstkonten
auth-accounts-text = Programme, die im eigenen Namen handeln. Für jedes steht eine Person ein, und keines kann sich auf Seiten anmelden.
auth-accounts-none = Noch keine Dienstkonten
auth-account-new = Neues Dienstkonto
auth-account-create = Dienstkonto erstellen
auth-account-name = Name
auth-account-name-invalid = 2 bis 40 Kleinbuchstaben, Ziffern, Punkte, Binde- oder Unterstriche, mit Buchstabe oder Ziffer an beiden Enden.
auth-account-name-taken = Ein anderes Dienstkonto heißt schon so.
auth-account-description = Wofür es da ist
auth-account-description-invalid = Höchstens 200 Zeichen.
auth-account-owner = Verantwortlich
auth-account-owner-new = Neu verantwortlich
auth-account-owner-none = niemand
auth-account-owner-hint = Benutzername oder E-Mail-Adresse der Person, die dafür einsteht.
auth-account-owner-invalid = Geben Sie Benutzername oder E-Mail-Adresse einer Person ein, die sich anmelden darf.
auth-account-role = Rolle
auth-account-role-hint = Nie Administrator: Was es darf, sagen die Rechte seiner Schlüssel.
auth-role-user = Mitglied
auth-role-guest = Gast
auth-account-state = Zustand
auth-account-active = in Betrieb
auth-account-orphaned = wartet auf Verantwortliche
auth-account-orphaned-text = Die verantwortliche Person ist gesperrt oder fort. Die Schlüssel werden abgelehnt, bis Sie das Konto jemand anderem übergeben.
auth-account-disabled = abgeschaltet
auth-account-hand-over = Übergeben
auth-account-hand-over-text = Ab jetzt steht jemand anderes dafür ein. Die Schlüssel bleiben, wie sie sind.
auth-account-handed-over = Das Dienstkonto hat eine neue verantwortliche Person.
auth-account-disable = Abschalten
auth-account-disable-text = Alle seine Schlüssel werden sofort abgelehnt, bis Sie es wieder einschalten.
auth-account-enable = Einschalten
auth-account-enabled = Das Dienstkonto ist wieder in Betrieb.
auth-account-switched-off = Das Dienstkonto ist abgeschaltet.

auth-admin-sessions = Sitzungen
auth-admin-sessions-none = Niemand Passendes ist angemeldet
auth-admin-sought = Name oder E-Mail-Adresse
auth-admin-find = Suchen
auth-admin-person = Person
auth-admin-end-all = Alle Sitzungen dieser Person beenden
auth-admin-end-all-short = Alle beenden
auth-admin-end-all-text = { $name } wird sofort in jedem Browser abgemeldet.
auth-admin-sessions-ended = { $count ->
    [0] Es gab keine Sitzungen.
    [one] Eine Sitzung wurde beendet.
   *[other] { $count } Sitzungen wurden beendet.
}
auth-admin-sign-ins = Anmeldungen
auth-sign-ins-everybody = Alle zeigen
auth-sign-ins-none = Niemand hat eine Anmeldung versucht
auth-sign-ins-nobody = niemand mit diesem Namen
auth-outcome = Ergebnis
auth-outcome-success = angemeldet
auth-outcome-refused = abgelehnt
auth-outcome-limited = zurückgehalten
auth-network = Netz
auth-at = Wann
auth-explain = Erklären
auth-explain-title = Warum?
auth-explain-attempt = Der Versuch
auth-explain-cookie = Geräte-Cookie
auth-explain-cookie-yes = vorgezeigt: in diesem Browser hat sich schon jemand angemeldet
auth-explain-cookie-no = keins: ein neuer Browser oder einer, der vergisst
auth-explain-address = Adresse
auth-explain-request = Anfrage
auth-explain-more = Weitere Versuche dieser Person
auth-explain-success = Der Versuch gelang.
auth-explain-unknown = Niemand hat den eingegebenen Namen oder die Adresse. Sie wird nicht festgehalten, weil auch Passwörter ins falsche Feld geraten.
auth-explain-password = Die Person wurde gefunden, das Passwort passte nicht.
auth-explain-code = Das Passwort passte. Der Code danach war falsch oder schon benutzt.
auth-explain-mail-code = Der Code aus einer E-Mail war falsch.
auth-explain-break-glass = Ein Notfallcode war falsch, schon benutzt oder nicht von einer Administratorin oder einem Administrator.
auth-explain-limited = Davor gab es zu viele Versuche. Dieser wurde nicht mehr geprüft.
auth-explain-other = Der Versuch wurde abgelehnt: { $reason }.
auth-explain-active = Das Konto darf sich anmelden.
auth-explain-disabled = Das Konto ist gesperrt. Entsperren Sie es unter Personen.
auth-explain-no-password = Das Konto hat kein Passwort. Senden Sie einen Link, um eines zu setzen.
auth-explain-network = { $count ->
    [one] Das Netz darf noch eine Minute lang nichts versuchen.
   *[other] Das Netz darf noch { $count } Minuten lang nichts versuchen.
}
auth-explain-name = { $count ->
    [one] Neue Browser dürfen diesen Namen noch eine Minute lang nicht versuchen. Bekannte dürfen.
   *[other] Neue Browser dürfen diesen Namen noch { $count } Minuten lang nicht versuchen. Bekannte dürfen.
}
auth-explain-free = Gerade steht keine Grenze im Weg.
auth-admin-networks = Gesperrte Netze
auth-networks-text = Netze, die zu oft probiert haben. Jede weitere Sperre dauert doppelt so lang. Browser, die schon angemeldet waren, betrifft das nicht.
auth-networks-none = Kein Netz ist gesperrt
auth-networks-until = Gesperrt bis
auth-networks-strikes = { $count ->
    [one] eine Sperre
   *[other] { $count } Sperren
}
auth-network-forgive = Entsperren
auth-network-forgiven = Das Netz darf es wieder versuchen.
auth-activity-title = Letzte Anmeldungen
auth-activity-text = Versuche mit Ihrem Namen, auch abgelehnte.
auth-mail-way = E-Mail mit einem Link senden
auth-mail-code-title = Sehen Sie in Ihre E-Mails
auth-mail-code-text = Wenn zu diesem Namen ein Konto gehört, ist eine E-Mail mit einem Link und einem Code unterwegs.
auth-mail-code = Code aus der E-Mail
auth-mail-code-hint = Sechs Ziffern. Oder folgen Sie dem Link in der E-Mail in diesem Browser.
auth-mail-code-wrong = Das ist nicht der Code aus der letzten E-Mail.
auth-mail-code-dead = Dieser Code gilt nicht mehr. Fordern Sie eine neue E-Mail an.
auth-mail-again = Noch eine E-Mail senden
auth-mail-other-way = Anders anmelden
auth-mail-link-title = Anmelden
auth-mail-link-here = Noch ein Klick, und Sie sind angemeldet.
auth-mail-link-elsewhere = Dieser Link gilt nur in dem Browser, in dem Sie ihn angefordert haben. Geben Sie dort den Code aus der E-Mail ein.
auth-mail-link-warning = Wenn Sie sich nicht anmelden wollten, tun Sie nichts und geben Sie den Code niemandem.
auth-mail-link-heading = Anmelden
auth-mail-link-intro = Jemand möchte sich mit Ihrem Konto anmelden. Wenn Sie das sind, folgen Sie dem Link in dem Browser, in dem Sie ihn angefordert haben.
auth-mail-link-button = Anmelden
auth-mail-link-code = Oder geben Sie dort diesen Code ein:
auth-mail-link-note = Link und Code gelten einmal, { $minutes } Minuten lang. Wenn Sie sie nicht angefordert haben, tun Sie nichts und geben Sie sie niemandem.
auth-forgotten-link = Passwort vergessen?
auth-forgotten-title = Passwort vergessen?
auth-forgotten-text = Wir senden Ihnen eine E-Mail mit einem Link, über den Sie ein neues wählen.
auth-forgotten-submit = E-Mail senden
auth-forgotten-sent-title = Sehen Sie in Ihre E-Mails
auth-forgotten-sent-text = Wenn zu diesem Namen ein Konto gehört, ist eine E-Mail mit einem Link unterwegs. Der Link gilt einmal, eine Stunde lang.
auth-forgotten-sent-advice = Nichts da? Sehen Sie bei den unerwünschten E-Mails nach, und ob der Name stimmte.
auth-forgotten-again = Anderen Namen versuchen
auth-reset-title = Neues Passwort wählen
auth-reset-text = Alle anderen Sitzungen Ihres Kontos enden dann.
auth-reset-submit = Passwort setzen und anmelden
auth-mail-reset-heading = Neues Passwort wählen
auth-mail-reset-intro = Jemand hat ein neues Passwort für Ihr Konto { $username } angefordert. Wenn Sie das waren, wählen Sie hier eines.
auth-mail-reset-button = Neues Passwort wählen
auth-mail-reset-note = Der Link gilt einmal, { $minutes } Minuten lang. Wenn Sie ihn nicht angefordert haben, tun Sie nichts: Ihr Passwort bleibt, wie es ist.
auth-mail-when = Wann
auth-mail-device = Gerät
auth-mail-key = Schlüssel
auth-mail-address = Netzadresse
auth-mail-not-me = Wenn Sie das nicht waren, beenden Sie alle anderen Sitzungen und ändern Sie Ihr Passwort.
auth-mail-security = Sicherheit des Kontos ansehen
auth-mail-device-heading = Neue Anmeldung an Ihrem Konto
auth-mail-device-intro = Jemand hat sich an Ihrem Konto mit einem Browser angemeldet, der dafür noch nicht benutzt wurde.
auth-mail-password-heading = Ihr Passwort wurde geändert
auth-mail-password-intro = Das Passwort Ihres Kontos wurde geändert.
auth-mail-guessed-heading = Anmeldung nach mehreren falschen Passwörtern
auth-mail-guessed-intro = Jemand hat sich an Ihrem Konto nach mindestens fünf falschen Passwörtern angemeldet.


auth-second-factor-title = Noch ein Schritt
auth-second-factor-text = Ihr Passwort war richtig. Zeigen Sie mit dem Code aus Ihrer App, dass Sie es sind.
auth-second-factor-soon = Ihre Rolle braucht einen zweiten Faktor. Richten Sie ihn unter Sicherheit vor dem { $date } ein; danach kommen Sie ohne ihn nicht mehr hinein.
auth-second-factor-owed-title = Richten Sie einen zweiten Faktor ein
auth-second-factor-owed = Ihre Rolle oder eine Ihrer Gruppen braucht mehr, als Sie eingerichtet haben. Ist die Frist vorbei, richten Sie es beim Anmelden ein.
auth-code = Code
auth-code-hint = Die sechs Ziffern, die Ihre Authentifizierungs-App jetzt zeigt.
auth-code-wrong = Dieser Code ist falsch oder wurde schon benutzt. Warten Sie auf den nächsten und versuchen Sie es noch einmal.
auth-code-lost = Ich habe meine App nicht zur Hand
auth-recovery-code = Wiederherstellungscode
auth-recovery-code-hint = Einer der zehn Codes, die Sie gedruckt oder gespeichert haben. Jeder gilt einmal.
auth-totp-title = Einmalpasswörter einrichten
auth-totp-text = Scannen Sie das Bild mit einer Authentifizierungs-App und geben Sie den Code ein, den sie zeigt.
auth-totp-required = Ihre Rolle braucht einen zweiten Faktor. Richten Sie ihn ein, um fortzufahren.
auth-totp-picture = Bild zum Scannen. Dasselbe steht darunter zum Abtippen.
auth-totp-secret = Geheimnis zum Abtippen
auth-totp-secret-hint = Für Apps, die nicht scannen können: zeitbasiert, sechs Ziffern, dreißig Sekunden.
auth-totp-submit = Einrichten
auth-totp-stale = Diese Seite war zu lange geöffnet. Scannen Sie das neue Bild.
auth-totp-card = Einmalpasswörter
auth-totp-card-text = Eine App zeigt einen Code, nach dem hinter Ihrem Passwort gefragt wird.
auth-totp-add = Einrichten
auth-totp-since = Eingerichtet:
auth-totp-replace = Auf einem anderen Gerät einrichten
auth-totp-remove = Entfernen
auth-totp-removed = Einmalpasswörter wurden entfernt.
auth-recovery-codes-title = Ihre Wiederherstellungscodes
auth-recovery-codes-text = Mit jedem kommen Sie einmal hinein, wenn Sie Ihre App nicht zur Hand haben. Frühere Codes gelten nicht mehr.
auth-recovery-codes-once = Drucken oder speichern Sie sie jetzt: Sie werden nicht noch einmal gezeigt.
auth-recovery-codes-save = Als Datei speichern
auth-recovery-codes-next = Ich habe sie aufbewahrt, weiter
auth-recovery-codes-new = Neue Wiederherstellungscodes
auth-recovery-codes-left = { $count ->
    [one] Noch ein Wiederherstellungscode
   *[other] Noch { $count } Wiederherstellungscodes
}
auth-admin-passwords = Passwörter
auth-leaked-title = Geleakte Passwörter
auth-leaked-text = Was hier steht, kann niemand wählen. Die Liste wird auf diesem Rechner befragt; kein Passwort und kein Teil davon verlässt ihn.
auth-leaked-change = Datei wählen
auth-leaked-none = Es wurde keine Liste eingelesen. Die dreißigtausend am häufigsten geleakten Passwörter sind eingebaut.
auth-leaked-loaded = { $count ->
    [one] Ein Passwort.
   *[other] { $count } Passwörter.
}
auth-leaked-made = Die Liste entstand am
auth-leaked-unusable = Die Datei ist nicht zu gebrauchen. Was vorher geladen war, gilt weiter.
auth-hashing-title = Kosten eines Passworts
auth-hashing-text = Beim Start gemessen: eine Prüfsumme dauert etwa eine Fünftelsekunde, alle zugleich brauchen höchstens ein Viertel des Arbeitsspeichers.
auth-hashing-memory = Speicher je Prüfsumme
auth-hashing-passes = Durchgänge
auth-hashing-workers = Prüfsummen zugleich
auth-mebibytes = { $count } MiB

## Konten eines Browsers, und wie lange Sitzungen dauern

auth-remember = Dieses Gerät merken
auth-remember-hint = Sie bleiben hier länger angemeldet. Nur für Geräte, die Ihnen gehören.
auth-accounts-continue = Mit einem hier angemeldeten Konto fortfahren
auth-accounts-here = Konten in diesem Browser
auth-accounts-here-text = Ein Konto handelt, in allen Tabs. Die anderen warten.
auth-accounts-current = handelt jetzt
auth-accounts-switch = Wechseln
auth-accounts-add = Mit einem weiteren Konto anmelden
auth-accounts-full = Fünf Konten sind das Meiste für einen Browser. Melden Sie sich von einem ab, um ein weiteres hinzuzufügen.
auth-accounts-sign-out-all = Von allen Konten abmelden
auth-accounts-gone = Dieses Konto ist hier nicht mehr angemeldet.
auth-session-remembered = gemerktes Gerät
auth-factor-password = Passwort
auth-factor-mail = Mail
auth-factor-totp = Einmalpasswort
auth-factor-recovery = Wiederherstellungscode
auth-factor-passkey = Passkey
auth-factor-break-glass = Notfallcode
auth-place-machine = dieser Rechner
auth-place-local = lokales Netz
auth-place-network = Netz { $network }
auth-admin-end-one = Diese Sitzung beenden
auth-admin-end-one-text = { $name } wird auf diesem Gerät sofort abgemeldet. Ungespeichertes dort kann verloren gehen.
auth-break-glass-link = Notfallcode benutzen
auth-break-glass-title = Notfallcode
auth-break-glass-text = Für Administratoren, wenn sonst nichts mehr geht. Jeder gedruckte Code öffnet das Konto einmal.
auth-break-glass-alarm = Von jeder Benutzung erfahren alle Administratoren.
auth-break-glass-code = Code
auth-break-glass-hint = Sechzehn Buchstaben und Ziffern, wie gedruckt
auth-break-glass-refused = Name und Code passen nicht zusammen, oder der Code wurde schon benutzt.
auth-break-glass-card = Notfallcodes
auth-break-glass-card-text = Gedruckte Codes für den Tag, an dem E-Mail, Verzeichnis oder zweiter Faktor nicht gehen. Jeder öffnet Ihr Konto einmal, ohne Passwort. Bewahren Sie sie im Tresor auf.
auth-break-glass-make = Neue Codes erzeugen
auth-break-glass-left = { $count ->
    [0] Es gibt keine
    [one] Ein Code übrig
   *[other] { $count } Codes übrig
}
auth-break-glass-sheet = Ihre Notfallcodes
auth-break-glass-once = Drucken Sie diese Seite jetzt: Die Codes werden nicht noch einmal gezeigt, und frühere gelten nicht mehr.
auth-break-glass-use = Jeder Code meldet Sie einmal an, auch wenn E-Mail, Verzeichnis und zweiter Faktor fehlen. Alle Administratoren erfahren davon.
auth-break-glass-where = Einzugeben unter
auth-break-glass-made = Erzeugt am
auth-break-glass-keep = Bewahren Sie dieses Blatt verschlossen auf, nicht neben dem Rechner. Streichen Sie Benutztes durch.
auth-mail-whose = Konto
auth-reset-for = Ein neues Passwort für { $name }
auth-reset-for-text = Die Person wählt es selbst. Ein zweiter Faktor wird weiterhin verlangt, und alle ihre Sitzungen enden.
auth-reset-how = Wie kommt der Link an?
auth-reset-by-mail = Per E-Mail, niemand sonst sieht ihn
auth-reset-by-link = Einmal anzeigen, ich gebe ihn weiter
auth-reset-how-missing = Wählen Sie, wie der Link ankommt.
auth-reset-no-mail = Dieser Person kann keine E-Mail geschickt werden. Lassen Sie den Link anzeigen.
auth-reset-told = Die Person erfährt, dass Sie das getan haben.
auth-reset-start = Starten
auth-reset-mailed = Eine E-Mail ist unterwegs.
auth-reset-link = Link
auth-reset-link-once = Dieser Link wird einmal angezeigt. Wer ihn hat, kann das Passwort wählen.
auth-reset-link-give = Geben Sie ihn { $name } auf einem Weg, dem Sie trauen.
auth-reset-link-until = Gilt bis

## Werkzeuge hinter Proxys

auth-forward-on = Sie sind angemeldet und unterwegs zu { $tool }.
auth-forward-go = Weiter
auth-forward-forbidden = Sie sind angemeldet, dürfen { $tool } aber nicht nutzen. Das kann eine Administratorin oder ein Administrator ändern.
auth-forward-circles = { $tool } hat in einer Minute dreimal nach Ihrer Anmeldung gefragt. Sein Proxy oder dieser Browser behält sie nicht. Erlauben Sie Cookies für das Werkzeug, warten Sie eine Minute und öffnen Sie es erneut.
auth-admin-tools = Werkzeuge
auth-tools-text = Werkzeuge ohne eigene Anmeldung, hinter nginx, Traefik oder Caddy.
auth-tools-none = Noch keine Werkzeuge
auth-tool-silent = noch nicht angefragt
auth-tool-asks = in Gebrauch
auth-tool-wrong = falsch eingerichtet
auth-tool-new = Neues Werkzeug
auth-tool-edit = Bearbeiten
auth-tool-save = Speichern
auth-tool-saved = Das Werkzeug ist gespeichert.
auth-tool-removed = Das Werkzeug ist entfernt. Niemand kommt mehr durch seinen Proxy.
auth-tool-remove = Werkzeug entfernen
auth-tool-remove-text = Sein Proxy lässt sofort niemanden mehr durch.
auth-tool-id = Name in Adressen
auth-tool-id-hint = 1 bis 40 Kleinbuchstaben, Ziffern und Bindestriche. Er ist später nicht änderbar.
auth-tool-id-invalid = Nehmen Sie 1 bis 40 Kleinbuchstaben, Ziffern und Bindestriche.
auth-tool-id-taken = Ein anderes Werkzeug hat diesen Namen. Wählen Sie einen anderen.
auth-tool-name = Name
auth-tool-name-invalid = Geben Sie einen Namen mit 1 bis 80 Zeichen an.
auth-tool-proxy = Proxy davor
auth-tool-proxy-hint = Geglaubt wird nur, was diese Art von Proxy selbst sagt.
auth-tool-proxy-invalid = Wählen Sie einen Proxy.
auth-tool-hosts = Rechnernamen
auth-tool-hosts-hint = Je Zeile einer, etwa grafana.example.org, mit Port, wo er nicht der übliche ist. Keine Platzhalter.
auth-tool-hosts-invalid = Nennen Sie je Zeile einen Rechnernamen, etwa grafana.example.org, mindestens einen und höchstens 50.
auth-tool-access = Zugang
auth-tool-who = Offen für
auth-tool-role = Rolle
auth-tool-everyone = Alle Angemeldeten
auth-tool-users = Mitglieder (Rolle user)
auth-tool-admins = Administratorinnen und Administratoren
auth-tool-groups = Gruppen
auth-tool-groups-hint = Je Zeile eine. Mitglieder verschachtelter Gruppen zählen.
auth-tool-groups-invalid = Nennen Sie höchstens 50 Gruppen mit höchstens 100 Zeichen.
auth-tool-asked = Letzte Anfrage des Proxys
auth-tool-test = Ausprobieren
auth-tool-test-in = Sie kämen hinein, mit Remote-User: { $user } und Remote-Groups: { $groups }.
auth-tool-test-out = { $user } würde abgewiesen: Nichts davon lässt diese Person hinein.
auth-tool-test-silent = Noch hat kein Proxy nach diesem Werkzeug gefragt. Kopieren Sie die Konfiguration unten und laden Sie den Proxy neu.
auth-tool-test-heard = Der Proxy fragt, wie er soll.
auth-tool-test-unsaid = Ein Proxy hat gefragt, ohne zu sagen, nach welcher Anfrage. Tragen Sie seine Adresse unter Einstellungen, Gateway als vertrauten Proxy ein und vergleichen Sie seine Konfiguration mit der unten.
auth-tool-test-foreign = Ein Proxy hat nach einer Adresse gefragt, die nicht zu den Rechnernamen dieses Werkzeugs gehört oder kein https hat.
auth-tool-setup = Konfiguration des Proxys
auth-tool-setup-text = Kopieren Sie sie, setzen Sie ein, wo Ihr Werkzeug lauscht, und laden Sie den Proxy neu. Seine Adresse muss unter Einstellungen, Gateway als vertrauter Proxy stehen.
auth-device-title = Programm verbinden
auth-device-text = Ein Programm, das auf einem anderen Bildschirm wartet, zeigt einen Code aus acht Buchstaben.
auth-device-warning = Fahren Sie nur fort, wenn Sie das eben selbst begonnen haben. Wer Sie am Telefon, im Chat oder per Mail um die Eingabe eines Codes bittet, meint es nicht gut.
auth-device-code = Code
auth-device-code-hint = Etwa WDJB-MJHT. Großbuchstaben und Bindestrich sind nicht nötig.
auth-device-continue = Weiter
auth-device-unknown-code = Mit diesem Code wartet kein Programm. Vergleichen Sie ihn mit dem Bildschirm; nach zehn Minuten braucht es einen neuen.
auth-device-limited = { $count ->
    [one] Zu viele falsche Codes. Warten Sie eine Minute und versuchen Sie es dann erneut.
   *[other] Zu viele falsche Codes. Warten Sie { $count } Minuten und versuchen Sie es dann erneut.
}
auth-device-confirm-title = Darf dieses Programm für Sie handeln?
auth-device-elsewhere = Es fragt aus einem anderen Netz als dem, in dem Sie sind. Das ist nur richtig, wenn es auf einem entfernten Rechner läuft, an dem Sie gerade arbeiten.
auth-device-host = Läuft nach eigener Angabe auf
auth-device-address = Fragt von
auth-device-asked = Seit
auth-device-for = Handelt für
auth-device-unverified = Die Namen nennt das Programm selbst, niemand hat sie geprüft. Es erhält einen Schlüssel, der tut, was die Rechte nennen, und nie bis zu Ihrem Passwort, Ihren Sitzungen oder anderen Schlüsseln reicht. Sie können ihn jederzeit beenden.
auth-device-approve = Erlauben
auth-device-deny = Ablehnen
auth-device-approved = „{ $name }“ darf für Sie handeln. Das Programm fährt in wenigen Sekunden von selbst fort; dann steht sein Schlüssel in dieser Liste.
auth-device-denied = „{ $name }“ hat nichts erhalten.
auth-limited-mail = Wenn das Ihr Konto ist, wartet vielleicht eine E-Mail mit einem Weg hinein auf Sie.
auth-way-in-title = Trotzdem anmelden
auth-way-in-text = Jemand hat für Ihr Konto zu oft falsche Passwörter eingegeben. Machen Sie in diesem Browser weiter, dann steht Ihnen das nicht mehr im Weg.
auth-way-in-submit = Weiter zur Anmeldung
auth-mail-way-in-heading = Anmeldungen mit Ihrem Namen werden aufgehalten
auth-mail-way-in-intro = Für Ihr Konto { $username } wurden zu oft falsche Passwörter eingegeben. Anmeldungen aus Browsern, die noch nicht bekannt sind, müssen eine Weile warten. Nichts wurde geöffnet. Diese wurde aufgehalten:
auth-mail-way-in-you = Wenn Sie das waren, öffnen Sie diesen Link in dem Browser, in dem Sie sich anmelden möchten. Ihr Passwort und, wenn Sie einen haben, Ihr zweiter Faktor werden wie immer verlangt.
auth-mail-way-in-button = Trotzdem anmelden
auth-mail-way-in-note = Der Link wirkt einmal, innerhalb von { $minutes } Minuten. Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Browser, in denen Sie schon angemeldet waren, funktionieren wie immer.
auth-explain-person = Was diese Person hat
auth-person-held-back = { $count ->
    [one] Nach zu vielen Fehlversuchen müssen Anmeldungen dieser Person aus unbekannten Browsern oder ihr zweiter Faktor eine Minute warten.
   *[other] Nach zu vielen Fehlversuchen müssen Anmeldungen dieser Person aus unbekannten Browsern oder ihr zweiter Faktor { $count } Minuten warten.
}
auth-person-unlock = Entsperren
auth-person-unlock-text = Falsche Passwörter und Codes von { $name } werden vergessen, und neue können versucht werden. Vergewissern Sie sich, dass wirklich { $name } darum bittet.
auth-person-unlocked = Die Fehlversuche sind vergessen.
auth-person-require-title = Jetzt von { $name } verlangen?
auth-person-require-sessions = { $count ->
    [0] Diese Person ist gerade nirgends angemeldet.
    [one] Diese Person ist in einem Browser angemeldet. Wenn dort weniger nachgewiesen wurde, endet die Sitzung sofort.
   *[other] Diese Person ist in { $count } Browsern angemeldet. Sitzungen, in denen weniger nachgewiesen wurde, enden sofort.
}
auth-person-require-has = Bei der nächsten Anmeldung wird der vorhandene zweite Faktor verlangt. Reicht er für das Gewählte nicht aus, muss ein stärkerer eingerichtet werden.
auth-person-require-has-not = Es gibt noch keinen zweiten Faktor. Er wird bei der nächsten Anmeldung eingerichtet; ohne ihn geht es nicht weiter.
auth-totp-needs-password = Wählen Sie hier zuerst ein Passwort mit mindestens 15 Zeichen: Es wäre Ihr einziger Faktor. Entfernen Sie danach die Einmalpasswörter.
auth-break-glass-print = Drucken
auth-register = Um ein Konto bitten
