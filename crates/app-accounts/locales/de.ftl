accounts-profile = Profil
accounts-people = Personen
accounts-groups = Gruppen
accounts-audit = Prüfpfad
accounts-name = Name
accounts-username = Benutzername
accounts-username-hint = 2 bis 64 Buchstaben, Ziffern, Punkte und Striche; zum Anmelden
accounts-email = E-Mail-Adresse
accounts-title = Position
accounts-department = Abteilung
accounts-phone = Telefon
accounts-given-name = Vornamen
accounts-family-name = Nachnamen
accounts-full-name = Voller Name
accounts-phone-hint = Mit Ländervorwahl, etwa +49 30 123456, oder eine Durchwahl im Haus
accounts-manager = Führungskraft
accounts-manager-below = Niemand berichtet an sich selbst oder an jemanden unter sich. Wählen Sie eine andere Person.
accounts-organisation = Wer an wen berichtet
accounts-organisation-none = Noch berichtet niemand an jemanden
accounts-organisation-none-hint = Die Administration trägt auf der Seite einer Person ein, an wen sie berichtet.
accounts-reports = Berichten an sie
accounts-reports-to = Berichtet an
accounts-reports-none = An diese Person berichtet niemand
accounts-custom = Weiteres
accounts-fields = Felder
accounts-grants = Geteiltes
accounts-fields-none = Noch keine Felder
accounts-fields-none-hint = Legen Sie fest, was Ihre Organisation außer Name, Position und Telefon von Personen wissen will.
accounts-fields-full = Mehr Felder kann es nicht geben. Löschen Sie zuerst eines.
accounts-field-new = Neues Feld
accounts-field-declare = Feld anlegen
accounts-field-label = Feld
accounts-field-label-en = Beschriftung
accounts-field-label-de = Beschriftung auf Deutsch
accounts-field-label-de-hint = Leer: Die andere Beschriftung steht auch auf Deutsch da.
accounts-field-name = Name für Programme
accounts-field-name-hint = Kleine Buchstaben, Ziffern und Unterstriche, etwa shirt_size. Er ändert sich nie.
accounts-field-name-taken = Ein anderes Feld hat diesen Namen, vielleicht ein stillgelegtes.
accounts-field-kind = Art
accounts-field-text = Text
accounts-field-number = Zahl
accounts-field-date = Datum
accounts-field-choice = Auswahl
accounts-field-yes-no = Ja oder nein
accounts-field-link = Link
accounts-field-link-hint = Eine Adresse, die mit https:// oder http:// beginnt
accounts-field-choices = Antworten zur Auswahl
accounts-field-choices-hint = Eine je Zeile, höchstens 50. Nur Felder der Art Auswahl haben welche.
accounts-field-visible = Sichtbar für
accounts-field-to-everyone = Alle Mitglieder
accounts-field-to-person = Die Person und die Administration
accounts-field-to-administrators = Die Administration
accounts-field-edited = Geändert von
accounts-field-by-person = Der Person und der Administration
accounts-field-by-administrators = Der Administration
accounts-field-unseen = Was nur die Administration sieht, kann die Person nicht ändern. Wählen Sie eines von beiden.
accounts-field-position = Platz
accounts-field-position-hint = Eine Zahl von 0 bis 9999; die kleinste kommt zuerst.
accounts-field-none = Nichts gewählt
accounts-field-retire = Stilllegen
accounts-field-retired = Stillgelegt
accounts-field-retired-until = Niemand sieht dieses Feld. Es wird mit allen Werten gelöscht
accounts-field-delete-text = Das Feld wird mit allem gelöscht, was es von allen enthält. Das lässt sich nicht zurücknehmen. Um die Werte 30 Tage zu behalten, legen Sie es stattdessen still.
accounts-field-not-confirmed = Der Name stimmte nicht. Das Feld wurde nicht gelöscht.
accounts-yes = Ja
accounts-account-hint = Das pflegt die Administration.
accounts-zone = Zeitzone
accounts-zone-hint = Zeiten erscheinen in dieser Zone. Leer lassen für UTC.
accounts-role = Rolle
accounts-role-user = Mitglied
accounts-role-user-hint = Nutzt die Apps der Organisation
accounts-role-guest = Gast
accounts-role-guest-hint = Sieht nur, was mit ihm geteilt ist
accounts-role-admin = Administration
accounts-role-admin-hint = Verwaltet Personen, Einstellungen und Protokolle
accounts-state = Zustand
accounts-state-invited = Eingeladen
accounts-state-active = Aktiv
accounts-state-suspended = Gesperrt
accounts-state-expired = Abgelaufen
accounts-state-deleted = Im Papierkorb
accounts-added = Hinzugefügt
accounts-about = Angaben
accounts-account = Konto
accounts-saved = Gespeichert.
accounts-unchanged = Es wurde nichts geändert.
accounts-avatar = Bild
accounts-avatar-choose = Neues Bild
accounts-avatar-hint = PNG, JPEG oder WebP, bis 5 MB. Es wird quadratisch zugeschnitten.
accounts-avatar-upload = Hochladen
accounts-avatar-remove = Bild entfernen
accounts-avatar-saved = Ihr Bild wurde geändert.
accounts-avatar-removed = Ihr Bild wurde entfernt.
accounts-avatar-missing = Wählen Sie zuerst ein Bild.
accounts-avatar-too-large = Das Bild ist größer als 5 MB. Wählen Sie ein kleineres.
accounts-avatar-kind = Das ist kein PNG-, JPEG- oder WebP-Bild.
accounts-avatar-damaged = Das Bild lässt sich nicht lesen. Versuchen Sie ein anderes.
accounts-find = Personen finden
accounts-find-hint = Name, Position, Abteilung oder E-Mail-Adresse
accounts-nobody = Niemand gefunden
accounts-nobody-hint = Versuchen Sie einen Teil des Namens oder der E-Mail-Adresse.
accounts-invite = Jemanden einladen
accounts-invite-send = Einladung erstellen
accounts-invited = { $name } ist eingeladen
accounts-link = Einladungslink
accounts-link-once = Dieser Link wird nur einmal gezeigt. Kopieren Sie ihn jetzt.
accounts-link-give = Geben Sie diesen Link an { $name } weiter. Wer ihn zuerst öffnet, kann das Passwort festlegen.
accounts-link-expires = Der Link verfällt
accounts-done = Fertig
accounts-open-person = Person öffnen
accounts-reset = Passwort zurücksetzen
accounts-new-link = Neuer Einladungslink
accounts-not-invited = Diese Person hat schon ein Passwort und braucht keine Einladung.
accounts-username-taken = Eine andere Person hat diesen Benutzernamen. Wählen Sie einen anderen.
accounts-email-taken = Eine andere Person hat diese E-Mail-Adresse.
accounts-last-administrator = Dies ist die letzte aktive Administration. Ernennen Sie zuerst jemand anderen.
accounts-oneself = Die eigene Rolle und der eigene Zugang lassen sich nicht ändern. Fragen Sie eine andere Administration.
accounts-stale = Jemand hat diese Person inzwischen geändert. Laden Sie die Seite neu und versuchen Sie es noch einmal.
accounts-not-accepted = Die Einladung ist noch nicht angenommen. Erstellen Sie stattdessen einen neuen Link.
accounts-in-trash = Diese Person ist im Papierkorb. Stellen Sie sie zuerst wieder her.
accounts-trash = Löschen
accounts-trash-text = { $name } wird überall abgemeldet, kann sich nicht mehr anmelden und verschwindet aus allen Listen. 30 Tage lang können Sie die Person wiederherstellen.
accounts-trash-until = Im Papierkorb. Wird endgültig gelöscht
accounts-trashed = Die Person ist im Papierkorb.
accounts-restore = Wiederherstellen
accounts-restored = Die Person ist wieder da.
accounts-purge = Endgültig löschen
accounts-purge-text = Alles, was über diese Person gespeichert ist, wird in jedem Dienst gelöscht. Das lässt sich nicht rückgängig machen.
accounts-purge-name = Tippen Sie zum endgültigen Löschen den Benutzernamen { $name }.
accounts-purged = Die Person ist gelöscht. Die anderen Dienste werden angewiesen, sie zu vergessen.
accounts-purges = Endgültig gelöscht
accounts-purges-text = Der Papierkorb löscht Personen nach 30 Tagen endgültig. Jeder Dienst, der etwas von ihnen aufbewahrt, bestätigt, dass er sie vergessen hat; ein ausgefallener tut es, sobald er wieder da ist.
accounts-purges-none = Noch wurde niemand endgültig gelöscht
accounts-forgotten-by = Vergessen von
accounts-person-id = Person
accounts-undo-late = Es gibt nichts mehr rückgängig zu machen. Öffnen Sie nach einer Stunde die Personen selbst.
accounts-ends-on = Letzter Tag
accounts-ends-on-hint = Nach diesem Tag (UTC) hat die Person keinen Zugang mehr. Leer: solange die Rolle gilt.
accounts-end-passed = Dieser Tag ist schon vorbei. Wählen Sie einen späteren oder keinen.
accounts-administrator-ends = Administrationen haben keinen letzten Tag. Lassen Sie ihn leer oder wählen Sie eine andere Rolle.
accounts-enable = Zugang geben
accounts-enabled = Die Person hat wieder Zugang.
accounts-disable = Zugang entziehen
accounts-disabled = Die Person hat keinen Zugang mehr.
accounts-disable-text = { $name } wird überall abgemeldet und kann sich nicht mehr anmelden. Sie können das rückgängig machen.
accounts-bulk-done = Geändert: { $done }. Abgelehnt: { $refused }.
accounts-no-groups = In keiner Gruppe.
accounts-sessions = Angemeldet an
accounts-no-sessions = Nirgends angemeldet
accounts-sessions-away = Die Anmeldung antwortet gerade nicht
accounts-device = Gerät
accounts-device-unknown = Unbekanntes Gerät
accounts-address = Adresse
accounts-last-seen = Zuletzt benutzt
accounts-end-session = Abmelden
accounts-end-all = Überall abmelden
accounts-history = Verlauf
accounts-no-history = Noch ist nichts geschehen
accounts-when = Wann
accounts-who = Wer
accounts-what = Was
accounts-whom = Wen
accounts-changes = Änderungen
accounts-refused = Abgelehnt
accounts-outcome-done = Erledigt
accounts-days = { $count ->
    [one] Letzter Tag
   *[other] Letzte { $count } Tage
}
accounts-export = Exportieren
accounts-activity = Aktivität
accounts-group = Gruppe
accounts-description = Beschreibung
accounts-groups-inside = Gruppen darin
accounts-groups-none = Noch keine Gruppen
accounts-groups-none-hint = Gruppen fassen Personen zusammen, die Apps gleich behandeln.
accounts-people-or-more = { $count } oder mehr
accounts-group-new = Neue Gruppe
accounts-group-create = Gruppe anlegen
accounts-group-created = Die Gruppe wurde angelegt.
accounts-group-name-taken = Eine andere Gruppe hat diesen Namen.
accounts-group-delete = Gruppe löschen
accounts-group-delete-text = Die Gruppe ist endgültig weg. Ihre Mitglieder bleiben, verlieren aber, was die Gruppe ihnen gab.
accounts-group-deleted = Die Gruppe wurde gelöscht.
accounts-group-not-confirmed = Der Name stimmte nicht überein. Die Gruppe wurde nicht gelöscht.
accounts-group-cycle = Die Gruppe läge dann in sich selbst.
accounts-members = Mitglieder
accounts-member-person = Person
accounts-member-person-hint = Benutzername oder E-Mail-Adresse
accounts-member-group = Gruppe
accounts-member-add = Hinzufügen
accounts-member-remove = Entfernen
accounts-member-added = Zur Gruppe hinzugefügt.
accounts-member-removed = Aus der Gruppe entfernt.
accounts-member-there = War schon in der Gruppe.
accounts-member-unknown = Unter diesem Namen wurde niemand gefunden. Wählen Sie aus der Liste.
accounts-group-tab = Gruppe
accounts-everybody = Alle darin
accounts-group-stale = Jemand hat diese Gruppe inzwischen geändert. Laden Sie die Seite neu und versuchen Sie es noch einmal.
accounts-members-none = Noch ist niemand in dieser Gruppe
accounts-members-none-hint = Fügen Sie unten Personen oder andere Gruppen hinzu.
accounts-member-add-person = Person hinzufügen
accounts-member-add-group = Gruppe hinzufügen
accounts-member-put-back = Wieder in der Gruppe.
accounts-member-gone = Diese Mitgliedschaft gibt es nicht mehr.
accounts-member-remove-from = Aus der Gruppe entfernen
accounts-until = Bis
accounts-end = Ende der Mitgliedschaft
accounts-end-change = Ende ändern
accounts-end-none = Ohne Ende
accounts-end-hint = Leer lassen für eine Mitgliedschaft ohne Ende. Zeitzone: { $zone }.
accounts-end-past = Das liegt in der Vergangenheit. Wählen Sie eine spätere Zeit oder entfernen Sie die Mitgliedschaft.
accounts-direct = Direkt
accounts-indirect = Über eine andere Gruppe
accounts-through = Über
accounts-why = Warum?
accounts-why-title = Warum { $person } in { $group } ist
accounts-why-not = { $person } ist nicht in { $group }
accounts-why-more = Es gibt weitere Wege. Gezeigt sind die kürzesten.
accounts-inner-title = { $inner } in { $outer }
accounts-joining = Beitritt
accounts-joining-closed = Geschlossen
accounts-joining-closed-hint = Verantwortliche und Administration wählen die Mitglieder
accounts-joining-request = Auf Anfrage
accounts-joining-request-hint = Personen fragen, Verantwortliche oder Administration entscheiden
accounts-joining-open = Offen
accounts-joining-open-hint = Personen kommen und gehen selbst
accounts-managers = Verantwortliche
accounts-managers-hint = Sie fügen Mitglieder hinzu und entfernen sie, entscheiden über Anfragen und ändern die Beschreibung.
accounts-managers-none = Nur die Administration verwaltet diese Gruppe.
accounts-manager-person = Verantwortliche Person
accounts-manager-group = Gruppe, deren Mitglieder verantwortlich sind
accounts-manager-add = Verantwortlich machen
accounts-manager-added = Nun für diese Gruppe verantwortlich.
accounts-manager-removed = Nicht mehr für diese Gruppe verantwortlich.
accounts-requests = Anfragen
accounts-requests-mine = Meine Anfragen
accounts-request-note = Was Sie dazu sagen möchten
accounts-request-reason = Grund
accounts-request-reason-hint = Die Person liest ihn, wenn Sie die Anfrage ablehnen.
accounts-request-approve = Aufnehmen
accounts-request-deny = Ablehnen
accounts-request-approved = Die Person ist jetzt in der Gruppe.
accounts-request-denied = Die Anfrage ist abgelehnt, und die Person erfährt es.
accounts-request-decided = Diese Anfrage ist schon entschieden oder zurückgezogen.
accounts-request-state-open = Wartet auf Entscheidung
accounts-request-state-approved = Angenommen
accounts-request-state-denied = Abgelehnt
accounts-request-state-withdrawn = Zurückgezogen
accounts-groups-managed = Gruppen, für die Sie verantwortlich sind
accounts-groups-mine = Ihre Gruppen
accounts-groups-mine-none = Sie sind in keiner Gruppe
accounts-groups-joinable = Gruppen, denen Sie beitreten können
accounts-groups-joinable-none = Es gibt keine weitere Gruppe zum Beitreten
accounts-join = Beitreten
accounts-joined = Sie sind jetzt in der Gruppe.
accounts-leave = Verlassen
accounts-left = Sie haben die Gruppe verlassen.
accounts-ask = Beitritt anfragen
accounts-asked = Ihre Anfrage ist gestellt. Sie erfahren, wie entschieden wird.
accounts-withdraw = Zurückziehen
accounts-withdrawn = Ihre Anfrage ist zurückgezogen.
accounts-group-closed = Diese Gruppe erlaubt das nicht. Fragen Sie eine verantwortliche Person oder die Administration.
accounts-addresses = E-Mail-Adressen
accounts-addresses-yours = Ihre E-Mail-Adressen
accounts-addresses-change = Ändern
accounts-addresses-hint = E-Mails dieser Plattform gehen an die Hauptadresse. Mit ihr melden Sie sich auch an.
accounts-addresses-admin-hint = E-Mails gehen an die Hauptadresse; mit ihr meldet sich die Person auch an. Adressen, die Sie hinzufügen, sind nicht bestätigt.
accounts-address-primary = Hauptadresse
accounts-address-verified = Bestätigt
accounts-address-unverified = Nicht bestätigt
accounts-address-waiting = Wartet auf Bestätigung
accounts-address-add = Adresse hinzufügen
accounts-address-add-hint = Dorthin geht eine E-Mail mit einem Link. Sobald Sie ihm folgen, ist es Ihre Adresse.
accounts-address-add-primary = E-Mails ab jetzt dorthin senden
accounts-address-yours = Diese Adresse haben Sie schon bestätigt.
accounts-address-confirmed = { $address } ist bestätigt.
accounts-address-taken = { $address } gehört einer anderen Person.
accounts-address-removed = Die Adresse wurde entfernt.
accounts-address-gone = Diese Adresse gibt es nicht mehr.
accounts-address-unconfirmed = Bestätigen Sie diese Adresse zuerst: Vielleicht erreichen Sie E-Mails dort nicht.
accounts-address-is-primary = E-Mails gehen an diese Adresse. Machen Sie zuerst eine andere zur Hauptadresse.
accounts-make-primary = Zur Hauptadresse machen
accounts-primary-changed = E-Mails gehen ab jetzt an diese Adresse. Die bisherige wird benachrichtigt.
accounts-link-send = Link senden
accounts-link-again = Erneut senden
accounts-link-sent = Ein Link wurde an { $address } gesendet. Er gilt 24 Stunden.
accounts-link-no-server = Es kann keine E-Mail gesendet werden: Kein Mailserver ist eingerichtet. Fragen Sie die Administration.
accounts-link-away = Gerade konnte keine E-Mail gesendet werden. Versuchen Sie es gleich noch einmal.
accounts-confirm-address = Adresse bestätigen
accounts-confirm-text = { $address } soll eine Ihrer E-Mail-Adressen werden.
accounts-confirm-dead = Dieser Link funktioniert nicht
accounts-confirm-dead-hint = Er wurde schon benutzt, ist älter als 24 Stunden oder gehört zu einem anderen Konto als dem, mit dem Sie angemeldet sind.
accounts-mail-confirm-heading = Bestätigen Sie Ihre E-Mail-Adresse
accounts-mail-confirm-intro = { $name } gibt diese E-Mail-Adresse als die eigene an. Wenn Sie das sind, bestätigen Sie es.
accounts-mail-confirm-note = Der Link gilt einmal, 24 Stunden lang, dort, wo Sie angemeldet sind. Wenn Sie das nicht sind, tun Sie nichts: Die Adresse bleibt frei.
accounts-mail-former-heading = Ihre E-Mails gehen an eine andere Adresse
accounts-mail-former-intro = E-Mails zu Ihrem Konto gehen ab jetzt an eine andere Adresse.
accounts-mail-former-not-me = Wenn das nicht so sein soll, sagen Sie sofort der Administration Bescheid.
accounts-unfit-empty = Füllen Sie dieses Feld aus.
accounts-unfit-too-long = Das ist zu lang. Kürzen Sie es.
accounts-unfit-character = Das enthält ein Zeichen, das hier nicht erlaubt ist.
accounts-unfit-form = Das hat nicht die richtige Form. Prüfen Sie es.
accounts-sessions-ended = { $count ->
    [one] { $count } Sitzung wurde beendet.
   *[other] { $count } Sitzungen wurden beendet.
}
accounts-requests-open = { $count ->
    [one] { $count } Anfrage
   *[other] { $count } Anfragen
}
accounts-links-limited = { $count ->
    [one] Zu viele Links wurden gesendet. Versuchen Sie es in einer Minute wieder.
   *[other] Zu viele Links wurden gesendet. Versuchen Sie es in { $count } Minuten wieder.
}
accounts-addresses-full = { $count ->
    [one] Eine Person hat höchstens eine Adresse.
   *[other] Eine Person hat höchstens { $count } Adressen. Entfernen Sie zuerst eine.
}
accounts-reports-count = { $count ->
    [one] { $count } Person
   *[other] { $count } Personen
}
accounts-reports-more = { $count ->
    [one] { $count } weitere zeigen
   *[other] { $count } weitere zeigen
}
accounts-invitation = Einladung
accounts-invitations = Offene Einladungen
accounts-invited-at = Eingeladen
accounts-invited-by = Eingeladen von
accounts-groups-hint = Namen von Gruppen, einer je Zeile. Leer: vorerst keine.
accounts-groups-until = In diesen Gruppen bis
accounts-groups-unknown = Keine Gruppe heißt { $names }. Berichtigen Sie den Namen oder legen Sie die Gruppe zuerst an.
accounts-groups-gone = Eine dieser Gruppen wurde inzwischen gelöscht. Prüfen Sie die Namen.
accounts-delivery = Wie der Link ankommt
accounts-delivery-mail = Per E-Mail senden
accounts-delivery-mail-hint = Die Person erhält eine E-Mail mit dem Link und Ihrer Nachricht.
accounts-delivery-no-mail = Es kann keine E-Mail gesendet werden: Kein Mailserver ist eingerichtet. Richten Sie in den Einstellungen einen ein oder geben Sie den Link selbst weiter.
accounts-delivery-link = Mir zeigen
accounts-delivery-link-hint = Sie sehen den Link einmal und geben ihn selbst weiter.
accounts-message = Nachricht
accounts-message-hint = Reiner Text für die E-Mail, höchstens 1000 Zeichen. Leer: keine.
accounts-lasts = Der Link gilt
accounts-invitation-sending = Die Einladung ist unterwegs an { $address }.
accounts-resend = Neuen Link senden
accounts-revoke = Zurücknehmen
accounts-stage-new = Noch kein Link
accounts-stage-sending = Wird gesendet
accounts-stage-sent = Gesendet
accounts-stage-unsent = Nicht gesendet
accounts-stage-shown = Link weitergegeben
accounts-stage-expired = Link abgelaufen
accounts-stage-revoked = Zurückgenommen
accounts-mail-invitation-heading = Einladung zu { $organisation }
accounts-mail-invitation-intro = { $inviter } lädt Sie zu { $organisation } ein.
accounts-mail-invitation-intro-nobody = Sie sind zu { $organisation } eingeladen.
accounts-mail-invitation-username = Ihr Benutzername ist { $username }. Wählen Sie ein Passwort, und Sie sind dabei.
accounts-mail-invitation-button = Einladung annehmen
accounts-mail-invitation-note = Der Link gilt einmal, bis { $until }, und nur der zuletzt erhaltene. Wenn Sie keine Einladung erwarten, tun Sie nichts.
accounts-lasts-days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
}
accounts-invitations-resent = { $count ->
    [one] Ein neuer Link ist unterwegs. Sobald er da ist, gilt der bisherige nicht mehr.
   *[other] { $count } neue Links sind unterwegs. Sobald sie da sind, gelten die bisherigen nicht mehr.
}
accounts-invitations-revoked = { $count ->
    [one] Die Einladung ist zurückgenommen. Die Person liegt im Papierkorb.
   *[other] { $count } Einladungen sind zurückgenommen. Die Personen liegen im Papierkorb.
}
accounts-delivery-later = Noch niemandem schreiben
accounts-delivery-later-hint = Senden Sie die Links später aus den offenen Einladungen.
accounts-import = Importieren
accounts-imports = Personen importieren
accounts-imports-recent = Letzte Importe
accounts-imports-full = Mehr Importe werden nicht aufbewahrt. Löschen Sie zuerst einen.
accounts-import-new = Neuer Import
accounts-import-hint = Eine Tabelle mit einer Person je Zeile und Überschriften in der ersten. Nichts geschieht, bevor Sie gesehen haben, was aus jeder Zeile würde.
accounts-import-file = Datei
accounts-import-file-hint = CSV in UTF-8 mit Kommas, Semikolons oder Tabulatoren; höchstens 10.000 Zeilen und 2 MiB
accounts-import-text = Oder die Tabelle einfügen
accounts-import-text-hint = Wie aus einer Tabellenkalkulation kopiert
accounts-import-next = Weiter: Spalten
accounts-import-empty = Unter den Überschriften steht keine Zeile. Wählen Sie eine Datei oder fügen Sie eine Tabelle mit Überschriften ein.
accounts-import-cut-off = Die Übertragung brach unterwegs ab. Es wurde nichts aufgehoben: Senden Sie es noch einmal.
accounts-import-too-large = Das ist größer als 2 MiB. Teilen Sie es und importieren Sie die Teile nacheinander.
accounts-import-too-many-rows = Das sind mehr als 10.000 Zeilen. Teilen Sie die Tabelle und importieren Sie die Teile nacheinander.
accounts-import-too-many-columns = Das sind mehr als 60 Spalten. Entfernen Sie die, die nicht gebraucht werden.
accounts-import-not-text = Das ist kein Text in UTF-8. Speichern Sie es in Ihrer Tabellenkalkulation als „CSV UTF-8“ und versuchen Sie es noch einmal.
accounts-import-pasted = Eingefügte Tabelle
accounts-import-delete = Import löschen
accounts-import-deleted = Der Import ist gelöscht. Die Personen, die er hinzugefügt hat, bleiben.
accounts-import-columns = Was in den Spalten steht
accounts-import-columns-hint = Aus den Überschriften erraten. Ändern Sie, was nicht stimmt.
accounts-import-ignored = Nichts, was gebraucht wird
accounts-import-no-email = Sagen Sie, in welcher Spalte die E-Mail-Adresse steht: Ohne sie kann niemand eingeladen werden.
accounts-import-column-twice = In zwei Spalten soll „{ $name }“ stehen. Wählen Sie es nur für eine.
accounts-import-everybody = Was für alle gilt
accounts-import-everybody-hint = Sagt eine Zeile zu Rolle oder letztem Tag etwas anderes, gilt die Zeile; ihre Gruppen kommen hinzu.
accounts-import-check = Alle Zeilen prüfen
accounts-import-rows = Zeilen
accounts-import-line = Zeile
accounts-import-who = Wer
accounts-import-result = Ergebnis
accounts-import-ready = Bereit
accounts-import-added = Hinzugefügt
accounts-import-known = Schon da
accounts-import-bad = Nicht importierbar
accounts-import-begin = Importieren
accounts-import-bad-rows = Zeilen, die nicht importiert werden können
accounts-import-all = Alle oder niemand
accounts-import-all-hint = Niemand wird importiert, solange eine Zeile nicht importiert werden kann.
accounts-import-skip = Auslassen
accounts-import-skip-hint = Alle anderen werden importiert. Die ausgelassenen können Sie herunterladen.
accounts-import-has-bad = Einige Zeilen können nicht importiert werden. Berichtigen Sie die Datei und laden Sie sie neu hoch, oder lassen Sie diese Zeilen aus.
accounts-import-nobody-new = Keine Zeile fügt jemanden hinzu. Sehen Sie sich die Ergebnisse oben an.
accounts-import-not-now = Der Import läuft oder lief schon, oder seine Spalten wurden geändert. Sehen Sie ihn sich an, wie er jetzt ist.
accounts-import-draft = Spalten zu prüfen
accounts-import-checked = Geprüft
accounts-import-running = Läuft
accounts-import-running-hint = Sie können diese Seite verlassen: Der Import läuft weiter.
accounts-import-of = { $done } von { $total }
accounts-import-done = Fertig
accounts-import-done-text = Der Import ist fertig. Unten steht, was aus jeder Zeile wurde.
accounts-import-refused = Niemand importiert
accounts-import-refused-text = Niemand wurde importiert: Seit der Prüfung können einige Zeilen nicht mehr importiert werden. Sie stehen unten.
accounts-import-failed = Gescheitert
accounts-import-failed-text = Der Import konnte nicht beendet werden, und niemand wurde importiert. Prüfen Sie alle Zeilen und versuchen Sie es noch einmal.
accounts-import-too-many-cells = Die Zeile hat mehr Zellen, als es Überschriften gibt. Setzen Sie Zellen mit dem Trennzeichen in Anführungszeichen.
accounts-import-role = Das ist keine Rolle. Schreiben Sie user, guest oder admin, oder lassen Sie es leer.
accounts-import-day = Das ist kein Tag. Schreiben Sie ihn wie 2030-12-31 oder 31.12.2030, oder lassen Sie es leer.
accounts-import-twice = In Zeile { $line } steht dasselbe. Behalten Sie eine der beiden.
accounts-import-in-trash = Jemand im Papierkorb hat diese Adresse. Stellen Sie die Person wieder her oder vergessen Sie sie zuerst endgültig.
accounts-import-no-manager = Unter diesem Anmeldenamen oder dieser Adresse ist niemand da: { $names }. Importieren Sie Vorgesetzte zuerst, oder lassen Sie die Zelle leer.
accounts-import-no-field = Dieses Feld gibt es nicht mehr. Wählen Sie ein anderes für die Spalte oder keines.
accounts-import-no-sponsor = Unter diesem Anmeldenamen oder dieser Adresse kann niemand für Gäste einstehen: { $names }. Es muss ein aktives Mitglied sein.
accounts-import-sponsor-of-guests = Nur für Gäste steht jemand ein. Lassen Sie die Zelle leer, oder machen Sie die Person zum Gast.
accounts-import-no-username = Aus dieser Adresse lässt sich kein Benutzername bilden. Ergänzen Sie eine Spalte mit Benutzernamen.
accounts-import-run = { $count ->
    [one] { $count } Person importieren
   *[other] { $count } Personen importieren
}
accounts-register = Um ein Konto bitten
accounts-register-name = Ihr Name
accounts-register-email-hint = Dorthin geht eine E-Mail mit einem Link, dem Sie folgen.
accounts-register-note = Über Sie
accounts-register-note-hint = Wer Sie sind und wofür Sie das Konto brauchen. Die Administration liest es.
accounts-register-send = Link senden
accounts-register-sign-in = Zur Anmeldung
accounts-register-again = Erneut fragen
accounts-register-sent = Wenn diese Adresse verwendet werden kann, ist eine E-Mail dorthin unterwegs. Folgen Sie dem Link darin innerhalb von 24 Stunden.
accounts-register-domain = Adressen dieser Domain werden nicht zugelassen. Verwenden Sie die Adresse Ihrer Organisation oder bitten Sie die Administration um eine Einladung.
accounts-register-dead = Dieser Link funktioniert nicht: Er wurde schon benutzt oder ist älter als 24 Stunden. Fragen Sie erneut.
accounts-register-confirm = Meine Adresse bestätigen
accounts-register-confirm-text = Mit { $address } wurde um ein Konto gebeten. Bestätigen Sie, dass dies Ihre Adresse ist.
accounts-register-waits = Danke. Die Administration sieht sich Ihre Anfrage an; die Antwort kommt per E-Mail.
accounts-register-known = Diese Adresse gehört schon jemandem. Melden Sie sich an oder lassen Sie Ihr Passwort zurücksetzen.
accounts-account-requests = Kontoanfragen
accounts-account-requests-none = Niemand wartet
accounts-account-requests-none-hint = Ob Fremde um ein Konto bitten dürfen, ist eine Einstellung der Organisation.
accounts-account-approved = Die Person ist eingeladen und erhält eine E-Mail mit einem Link.
accounts-account-denied = Die Anfrage ist abgelehnt, und die Person erfährt es per E-Mail.
accounts-account-reason-hint = Für eine Ablehnung: Die Person liest ihn in der E-Mail. Darf leer sein.
accounts-request-late = Über diese Anfrage hat schon jemand entschieden.
accounts-mail-register-heading = Ihre Bitte um ein Konto
accounts-mail-register-intro = Mit dieser E-Mail-Adresse wurde um ein Konto gebeten. Wenn Sie das waren, bestätigen Sie Ihre Adresse.
accounts-mail-register-known = Mit dieser E-Mail-Adresse wurde um ein Konto gebeten. Sie gehört schon zu einem Konto, oder eine Anfrage dafür wird gerade geprüft. Wenn Sie Ihr Passwort vergessen haben, können Sie es auf der Anmeldeseite zurücksetzen lassen.
accounts-mail-register-sign-in = Zur Anmeldung
accounts-mail-register-note = Der Link gilt 24 Stunden. Wenn Sie das nicht waren, tun Sie nichts.
accounts-mail-denied-heading = Ihre Bitte um ein Konto
accounts-mail-denied-intro = { $organisation } hat Ihre Bitte um ein Konto nicht angenommen.
accounts-account-requests-count = { $count ->
    [0] Kontoanfragen
    [one] { $count } Kontoanfrage
   *[other] { $count } Kontoanfragen
}
accounts-register-mailed = Sie sind dabei. Eine E-Mail mit einem Link, über den Sie Ihr Passwort festlegen, ist unterwegs.
accounts-account-requests-decide = { $count ->
    [one] Über { $count } Anfrage entscheiden
   *[other] Über { $count } Anfragen entscheiden
}
accounts-sponsor = Steht für den Gast ein
accounts-sponsor-name = Wer für den Gast einsteht
accounts-sponsor-hint = Nur für Gäste: ein Mitglied, das sie eingeladen hat oder mit ihnen arbeitet. Es wird erinnert, bevor das Gastkonto endet.
accounts-sponsor-none = Niemand
accounts-sponsor-unfit = Wählen Sie jemanden, der Zugang hat und kein Gast ist.
accounts-sponsor-not-guest = Nur für Gäste steht jemand ein.
accounts-sponsor-left = Diese Person kann nicht mehr für den Gast einstehen. Benennen Sie jemand anderen.
accounts-sponsor-missing = Niemand steht für diesen Gast ein. Benennen Sie jemanden.
accounts-guests = Gäste
accounts-guests-of = Steht für diese Gäste ein
accounts-guests-none-moved = Diese Person steht für keine Gäste ein.
accounts-guests-moved = { $count ->
    [one] { $count } Gast wurde übergeben.
   *[other] { $count } Gäste wurden übergeben.
}
accounts-guests-alone = { $count ->
    [one] Für { $count } Gast steht niemand ein
   *[other] Für { $count } Gäste steht niemand ein
}
accounts-hand-over = Gäste übergeben
accounts-hand-over-hint = Wenn jemand geht: Für alle Gäste dieser Person steht jemand anderes ein.
accounts-hand-over-from = Von
accounts-hand-over-to = An
accounts-my-guests = Ihre Gäste
accounts-my-guests-hint = Sie stehen für sie ein. Wenn jemand geht, sagen Sie es der Administration.
accounts-life-cycle = Lebenszyklus
accounts-cycle-run = Lauf des Lebenszyklus
accounts-cycle-run-now = Jetzt ausführen
accounts-cycle-begun = Ein Lauf hat begonnen. Sein Ergebnis steht gleich in der Liste.
accounts-cycle-under-way = Ein Lauf ist schon im Gange.
accounts-cycle-settings = Einstellungen
accounts-cycle-terms = Wie lange Konten gelten
accounts-cycle-grace-term = Vom Ende bis zum Papierkorb
accounts-cycle-for-ever = Für immer
accounts-cycle-days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
}
accounts-cycle-due = Enden innerhalb von 30 Tagen
accounts-cycle-due-none = Kein Konto endet innerhalb von 30 Tagen
accounts-cycle-due-all = { $count ->
    [one] { $count } Konto endet innerhalb von 30 Tagen
   *[other] { $count } Konten enden innerhalb von 30 Tagen
}
accounts-cycle-why = Grund
accounts-cycle-what = Was getan wurde
accounts-cycle-runs = Läufe
accounts-cycle-runs-none = Es gab noch keinen Lauf
accounts-cycle-begun-by = Begonnen von
accounts-cycle-schedule = Zeitplan
accounts-cycle-unfinished = Nicht beendet
accounts-cycle-steps = Was getan wurde
accounts-cycle-steps-none = Es gab nichts zu tun
accounts-cycle-reminded = Erinnert
accounts-cycle-expired = Abgelaufen
accounts-cycle-trashed = In den Papierkorb gelegt
accounts-cycle-refused = Verweigert
accounts-cycle-own-end = Letzter Tag der Person
accounts-cycle-end-of-kind = Tage der Rolle
accounts-cycle-grace = Die Zeit nach dem Ende ist um
accounts-cycle-within-30 = Endet innerhalb von 30 Tagen
accounts-cycle-within-7 = Endet innerhalb von 7 Tagen
accounts-cycle-administrator = Die Administration hat kein Ende
accounts-cycle-last-administrator = Niemand könnte die Plattform mehr verwalten
accounts-cycle-kind-until = Endet nach der Rolle am { $day }
accounts-seen = Zuletzt gesehen
accounts-seen-never = Nie
accounts-dormant = Nicht gesehen
accounts-dormant-for = { $count ->
    [one] seit { $count } Tag
   *[other] seit { $count } Tagen
}
accounts-dormant-accounts = Unbenutzte Konten
accounts-dormant-report = Bericht
accounts-dormant-count = { $count ->
    [0] Alle aktiven Personen wurden innerhalb von { $days } Tagen gesehen.
    [one] { $count } aktive Person wurde seit { $days } Tagen nicht gesehen.
   *[other] { $count } aktive Personen wurden seit { $days } Tagen nicht gesehen.
}
accounts-dormant-none = Niemand ist so lange fort
accounts-dormant-days = Tage
accounts-dormant-hint = Aktive Personen, die so lange niemand gesehen hat, weder in einem Browser noch durch einen ihrer Schlüssel. Wer sich nie angemeldet hat, wird ab dem Tag gezählt, an dem das Konto hinzukam. Von selbst geschieht ihnen nichts.
accounts-dormant-known = Wer hier war, ist bekannt bis
accounts-dormant-known-old = Seitdem antwortet die Anmeldesicherheit nicht. Wer später hier war, fehlt in diesem Bericht.
accounts-dormant-known-not = Die Anmeldesicherheit hat noch nicht gesagt, wer hier war. Bis dahin werden alle ab dem Tag gezählt, an dem ihr Konto hinzukam.
accounts-dormant-act = Auswählen und Zugang entziehen
accounts-webhooks = Webhooks
accounts-webhooks-none = Noch wird niemand benachrichtigt
accounts-webhooks-none-hint = Ein Webhook ist eine Adresse eines anderen Systems, das erfährt, wenn Personen kommen, den Platz wechseln oder gehen.
accounts-webhooks-full = Mehr als 20 Webhooks kann es nicht geben. Löschen Sie zuerst einen.
accounts-webhook-new = Neuer Webhook
accounts-webhook-declare = Webhook anlegen
accounts-webhook-settings = Einstellungen
accounts-webhook-url = Adresse
accounts-webhook-url-hint = Sie erhält ein signiertes POST mit JSON nach der Spezifikation Standard Webhooks und soll innerhalb von 15 Sekunden mit einem Status von 200 bis 299 antworten. Weiterleitungen wird nicht gefolgt.
accounts-webhook-url-form = Das ist keine Adresse, die mit https:// beginnt.
accounts-webhook-url-plain = Ohne TLS kann nur an diese Maschine geschrieben werden. Beginnen Sie die Adresse mit https://.
accounts-webhook-url-credentials = Eine Adresse mit Benutzername oder Passwort geht nicht. Was gesendet wird, ist signiert.
accounts-webhook-url-unreachable = Diese Adresse dürfen Webhooks nicht erreichen. Eine Einstellung erlaubt private Netze.
accounts-webhook-name-taken = Ein anderer Webhook heißt schon so.
accounts-webhook-events = Erfährt von
accounts-webhook-events-none = Wählen Sie mindestens eines.
accounts-webhook-event = Ereignis
accounts-webhook-joined = Personen, die kommen
accounts-webhook-joined-hint = person.joined: Jemand kam hinzu oder hat wieder Zugang.
accounts-webhook-moved = Personen, die den Platz wechseln
accounts-webhook-moved-hint = person.moved: Abteilung, Titel, Führungskraft oder Gruppen haben sich geändert.
accounts-webhook-left = Personen, die gehen
accounts-webhook-left-hint = person.left: Jemand wurde gesperrt, ist abgelaufen, kam in den Papierkorb oder ist endgültig fort.
accounts-webhook-test = Probe
accounts-webhook-on = An
accounts-webhook-failing = Antwortet nicht
accounts-webhook-off = Aus
accounts-webhook-off-failing = Aus: seit Tagen kam nichts an
accounts-webhook-off-gone = Aus: antwortete, dass es ihn nicht mehr gibt
accounts-webhook-failing-since = Antwortet nicht seit
accounts-webhook-arrived = Zuletzt angekommen
accounts-webhook-try = Probe senden
accounts-webhook-tested = Eine Probe ist unterwegs. Was geantwortet wird, steht gleich in der Liste.
accounts-webhook-switch-on = Einschalten
accounts-webhook-switch-off = Ausschalten
accounts-webhook-switched-on = Der Webhook ist an.
accounts-webhook-switched-off = Der Webhook ist aus. Was inzwischen geschieht, wird nicht nachgeholt.
accounts-webhook-roll = Neues Geheimnis
accounts-webhook-roll-text = Das jetzige Geheimnis signiert noch 24 Stunden neben dem neuen.
accounts-webhook-delete = Webhook löschen
accounts-webhook-delete-text = Was noch nicht gesendet wurde, wird nicht mehr gesendet.
accounts-webhook-deleted = Der Webhook ist gelöscht.
accounts-webhook-not-confirmed = Der Name stimmt nicht: Es wurde nichts gelöscht.
accounts-webhook-secret = Geheimnis
accounts-webhook-secret-once = Dieses Geheimnis wird nur einmal gezeigt. Geben Sie es dem System, das benachrichtigt wird.
accounts-webhook-secret-hint = Damit prüft das System den Header webhook-signature. Nachsehen kann es hier später niemand; ein neues lässt sich jederzeit machen.
accounts-webhook-deliveries = Letzte Zustellungen
accounts-webhook-deliveries-none = Noch wurde nichts gesendet
accounts-webhook-answer = Antwort
accounts-webhook-attempts = Versuche
accounts-webhook-waiting = Wartet
accounts-webhook-retrying = Wird wiederholt
accounts-webhook-delivered = Angekommen
accounts-webhook-failed = Nie angekommen
accounts-webhook-dropped = Nicht gesendet
accounts-webhook-again = Noch einmal senden
accounts-webhook-sent-again = Es wird noch einmal gesendet.
accounts-webhook-not-sent-again = Es wurde nicht gesendet: Der Webhook ist aus, oder die Zustellung ist zu alt.
accounts-webhook-fault-address = Die Adresse geht nicht
accounts-webhook-fault-sealed = Das Geheimnis lässt sich nicht mehr lesen: Machen Sie ein neues
accounts-webhook-fault-unknown-name = Diesen Namen kennt niemand
accounts-webhook-fault-forbidden = Webhooks dürfen diese Adresse nicht erreichen
accounts-webhook-fault-refused = Dort hört niemand zu
accounts-webhook-fault-tls = Dem Zertifikat wird nicht vertraut
accounts-webhook-fault-broken = Die Verbindung brach ab
accounts-webhook-fault-late = Keine Antwort innerhalb von 15 Sekunden
accounts-extend = Konto verlängern
accounts-extend-text = Das Konto von { $name } endet am { $day }.
accounts-extend-until = Bis { $day } verlängern
accounts-extended = Das Konto von { $name } gilt bis { $day }.
accounts-extend-dead = Dieser Link bewirkt nichts: Er wurde schon benutzt, ging an jemand anderen, oder das Konto hat inzwischen ein anderes Ende.
accounts-mail-end-heading = Ihr Konto endet am { $day }
accounts-mail-end-intro = Ihr Konto bei { $organisation } endet am { $day }. Nach diesem Tag können Sie sich nicht mehr anmelden.
accounts-mail-end-note = Wenn Sie es länger brauchen, fragen Sie die Administration oder die Person, die für Sie einsteht.
accounts-mail-end-link-note = Der Link funktioniert einmal, nur bei Ihnen und nur bis zu diesem Tag.
accounts-mail-guest-end-heading = Das Konto von { $name } endet am { $day }
accounts-mail-guest-end-intro = Sie stehen bei { $organisation } für den Gast { $name } ein. Das Konto endet am { $day }; danach ist keine Anmeldung mehr möglich.


## Verzeichnisse
accounts-directories = Verzeichnisse
accounts-directories-none = Noch kein Verzeichnis.
accounts-directories-hint = Personen und Gruppen können aus einem LDAP-Verzeichnis kommen: FreeIPA, OpenLDAP oder Active Directory.
accounts-directories-full = Mehr Verzeichnisse sind nicht möglich. Löschen Sie zuerst eines.
accounts-directory-add = Verzeichnis hinzufügen
accounts-directory-new = Neues Verzeichnis
accounts-directory-settings = Einstellungen
accounts-directory-last-run = Letzter Lauf
accounts-directory-never = Noch nicht gelesen.
accounts-directory-kind = Art des Verzeichnisses
accounts-directory-kind-hint = Eine andere Wahl beginnt das Formular neu, mit deren Filtern und Attributen.
accounts-directory-server = Server
accounts-directory-name-hint = Wie es hier und im Prüfpfad heißt.
accounts-directory-name-taken = Ein anderes Verzeichnis heißt so. Wählen Sie einen anderen Namen.
accounts-directory-host = Servername
accounts-directory-host-unfit = Geben Sie einen Rechnernamen oder eine Adresse ein, ohne ldaps:// und ohne Port.
accounts-directory-port = Port
accounts-directory-port-unfit = Geben Sie einen Port von 1 bis 65535 ein; in der Regel 636 für TLS, 389 für StartTLS.
accounts-directory-security = Schutz
accounts-directory-security-hint = Ohne Schutz darf nur dieser Rechner selbst gefragt werden.
accounts-directory-tls = TLS von Anfang an (ldaps)
accounts-directory-starttls = StartTLS
accounts-directory-plain-text = Keiner: nur dieser Rechner
accounts-directory-plain = Wählen Sie TLS oder StartTLS; ohne sie darf nur localhost gefragt werden.
accounts-directory-authority = Zertifizierungsstelle
accounts-directory-authority-hint = Als PEM. Steht hier eine, wird keiner anderen geglaubt; sonst denen, denen alle glauben.
accounts-directory-authority-unfit = Fügen Sie ein oder mehrere Zertifikate als PEM ein, jeweils von BEGIN CERTIFICATE bis END CERTIFICATE.
accounts-directory-bind = Lesendes Konto
accounts-directory-bind-hint = Sein Distinguished Name. Nehmen Sie ein Konto, das lesen darf und sonst nichts.
accounts-directory-password = Sein Passwort
accounts-directory-password-kept = Leer bleibt das Passwort, wie es ist. Für einen anderen Server, eine andere Stelle oder ein anderes Konto ist es neu einzugeben.
accounts-directory-password-hint = Es wird nicht wieder gezeigt: geben Sie es nach einem Test zum Speichern noch einmal ein.
accounts-directory-password-missing = Geben Sie es noch einmal ein: es wird nicht wieder gezeigt und gilt nur für diesen Server und dieses Konto.
accounts-directory-what = Was gelesen wird
accounts-directory-people-base = Basis der Personen
accounts-directory-people-filter = Filter für Personen
accounts-directory-groups-base = Basis der Gruppen
accounts-directory-groups-hint = Leer bleiben Gruppen unberührt.
accounts-directory-groups-filter = Filter für Gruppen
accounts-directory-base-unfit = Geben Sie einen Distinguished Name ein, etwa dc=example,dc=org.
accounts-directory-filter-unfit = Der Filter ist ab Zeichen { $place } nicht zu lesen. Jede Bedingung steht in Klammern: (uid=*)
accounts-directory-every = Wie oft
accounts-directory-every-hint = Ein gesperrtes oder abgelaufenes Konto verliert seinen Zugang hier mit dem nächsten Lauf.
accounts-directory-every-minutes = { $count ->
    [one] jede Minute
   *[other] alle { $count } Minuten
  }
accounts-directory-every-hours = { $count ->
    [one] jede Stunde
   *[other] alle { $count } Stunden
  }
accounts-directory-by-hand = nur auf Verlangen
accounts-directory-sign-in = Anmeldung
accounts-directory-sign-in-label = Personen melden sich mit ihrem Passwort des Verzeichnisses an
accounts-directory-sign-in-hint = Wer daraus kommt, braucht dann keine Einladung, und ein hier verwahrtes Passwort gilt nicht. Wer das Verzeichnis betreibt, kann jede dieser Personen sein, auch Administratoren: Verlangen Sie von diesen einen zweiten Faktor.
accounts-directory-sign-in-on = mit dem Passwort des Verzeichnisses
accounts-directory-sign-in-off = mit einem Passwort, das hier verwahrt wird
accounts-directory-write-back = Über die Weboberfläche von FreeIPA zurückschreiben
accounts-directory-write-back-hint = Administratoren ändern dann von hier aus Personen und Gruppen in FreeIPA, soweit das Konto des Verzeichnisses darf: entsperren, aus- und einschalten, vorläufige Passwörter, worüber das Verzeichnis entscheidet, Mitglieder. Wer sich mit einem endgültig abgelaufenen Passwort anmeldet, wählt auf dem Weg hinein ein anderes. Der Server oben muss beim eigenen Namen genannt sein.
accounts-directory-web-port = Port der Weboberfläche
accounts-directory-web-port-unfit = Geben Sie einen Port von 1 bis 65535 ein; in der Regel 443.
accounts-freeipa = In FreeIPA
accounts-freeipa-account = Konto
accounts-freeipa-enabled = Eingeschaltet
accounts-freeipa-disabled = Ausgeschaltet
accounts-freeipa-lock = Falsche Passwörter
accounts-freeipa-locked = Nach zu vielen gesperrt
accounts-freeipa-not-locked = Nicht gesperrt
accounts-freeipa-lock-unknown = Nicht bekannt: Das Konto des Verzeichnisses darf es dort nicht lesen
accounts-freeipa-password = Passwort
accounts-freeipa-password-until = Gültig bis
accounts-freeipa-password-over = Abgelaufen seit
accounts-freeipa-password-endless = FreeIPA nennt kein Ende
accounts-freeipa-unlock = Entsperren
accounts-freeipa-unlocked = In FreeIPA entsperrt.
accounts-freeipa-disable = In FreeIPA ausschalten
accounts-freeipa-disable-text = { $name } meldet sich dann nirgends mehr an, wo FreeIPA entscheidet, und hat auch hier keinen Zugang, bis das Konto wieder eingeschaltet ist.
accounts-freeipa-was-disabled = In FreeIPA ausgeschaltet und hier gesperrt.
accounts-freeipa-enable = In FreeIPA einschalten
accounts-freeipa-was-enabled = In FreeIPA eingeschaltet. Zugang, der hier wegen FreeIPA genommen war, ist wieder da.
accounts-freeipa-set = Vorläufiges Passwort setzen
accounts-freeipa-set-text = FreeIPA denkt sich ein neues Passwort aus, und das von { $name } gilt sofort nicht mehr. Es wird einmal gezeigt, taugt für eine Anmeldung und muss dabei geändert werden.
accounts-freeipa-password-of = Vorläufiges Passwort von { $name }
accounts-freeipa-temporary = Vorläufiges Passwort
accounts-freeipa-password-once = Dieses Passwort wird einmal gezeigt und nirgends verwahrt. Geben Sie es jetzt weiter, auf einem Weg, den sonst niemand liest.
accounts-freeipa-password-hint = Es taugt für eine Anmeldung, die nach einem anderen Passwort fragt. Ist es verloren, setzen Sie ein neues.
accounts-freeipa-first = Worüber das Verzeichnis entscheidet, wird zuerst in FreeIPA geändert. Was FreeIPA ablehnt, bleibt auch hier, wie es ist.
accounts-freeipa-refuses = FreeIPA lehnt ab: { $said }
accounts-freeipa-away = FreeIPA kann nicht gefragt werden oder hat nicht geantwortet. Hier wurde nichts geändert; sehen Sie in FreeIPA nach, ob dort etwas geändert wurde, und versuchen Sie es später erneut.
accounts-freeipa-unseen = FreeIPA kann gerade nicht gefragt werden, daher ist nicht bekannt, wie es dort um das Konto steht. Versuchen Sie es später erneut; das Protokoll sagt, an welchem Schritt es lag.
accounts-freeipa-gone = Niemand in FreeIPA hat noch die Kennung, mit der diese Person oder Gruppe kam. Der nächste Lauf des Verzeichnisses sagt, was daraus wird.
accounts-freeipa-manager-elsewhere = Wählen Sie jemanden, der aus demselben FreeIPA kommt: Andere kennt es nicht.
accounts-freeipa-add = Person hinzufügen
accounts-freeipa-add-hint = Die Person wird in FreeIPA angelegt und kommt damit hierher, als eingeladen und ohne Passwort. Setzen Sie danach auf ihrer Seite ein vorläufiges Passwort.
accounts-freeipa-added = In FreeIPA und hier hinzugefügt.
accounts-freeipa-there-alone = In FreeIPA hinzugefügt, aber hier steht etwas im Weg. Lassen Sie das Verzeichnis laufen: Es sagt, was.
accounts-directory-write-back-account = Zum Zurückschreiben muss es ein Konto sein, das sich an der Weboberfläche von FreeIPA anmeldet: uid=…,cn=users,cn=accounts,… Systemkonten (cn=sysaccounts) lesen nur.
accounts-directory-attributes = Attribute
accounts-directory-attributes-hint = Welches Attribut was bedeutet. Was leer ist, wird nicht gelesen und bleibt hier, wie es ist.
accounts-directory-attribute-id = Kennung, die sich nie ändert
accounts-directory-attribute-id-hint = An ihr werden Personen und Gruppen erkannt, nie an Name oder Mailadresse.
accounts-directory-attribute-group-name = Name einer Gruppe
accounts-directory-attribute-member = Mitglieder einer Gruppe
accounts-directory-attribute-unfit = Geben Sie den Namen eines Attributs ein: Buchstaben, Ziffern und Bindestriche.
accounts-directory-stale = Jemand hat das Verzeichnis inzwischen geändert. Öffnen Sie die Einstellungen neu.
accounts-directory-test = Testen
accounts-directory-test-result = Was der Test ergab
accounts-directory-step = Schritt
accounts-directory-result = Ergebnis
accounts-directory-passed = Geht.
accounts-directory-failed = Gescheitert
accounts-directory-not-tried = Nicht versucht.
accounts-directory-found = { $count ->
    [0] Nichts gefunden.
    [one] Ein Eintrag gefunden.
   *[other] { $count } gefunden.
  }
accounts-directory-found-more = Die ersten { $count } gefunden; es gibt mehr.
accounts-directory-step-resolve = Namen nachschlagen
accounts-directory-step-connect = Verbinden
accounts-directory-step-secure = TLS vereinbaren
accounts-directory-step-bind = Anmelden
accounts-directory-step-base = Basen finden
accounts-directory-step-people = Personen lesen
accounts-directory-step-groups = Gruppen lesen
accounts-directory-why-name-unknown = Der Name hat keine Adresse. Prüfen Sie ihn und die Namensserver dieses Rechners.
accounts-directory-why-unreachable = Dort antwortet niemand. Prüfen Sie Port, Firewall und ob der Server läuft.
accounts-directory-why-timed-out = Es kam keine Antwort in der Zeit. Prüfen Sie, ob der Server überlastet ist oder eine Firewall Pakete verschluckt.
accounts-directory-why-took-too-long = Alles zu lesen dauerte zu lange. Engen Sie Basen oder Filter ein.
accounts-directory-why-plain-text = Der Name führt nicht zu diesem Rechner. Nehmen Sie TLS oder StartTLS.
accounts-directory-why-no-starttls = Der Server bietet kein StartTLS an. Nehmen Sie TLS an Port 636, oder richten Sie es dort ein.
accounts-directory-why-unknown-authority = Das Zertifikat kommt von einer Stelle, der nicht geglaubt wird. Fügen Sie deren Zertifikat hinzu.
accounts-directory-why-other-host = Das Zertifikat lautet auf einen anderen Namen. Nehmen Sie diesen.
accounts-directory-why-certificate-expired = Das Zertifikat ist abgelaufen oder gilt noch nicht. Erneuern Sie es, und prüfen Sie beide Uhren.
accounts-directory-why-tls-failed = TLS ist gescheitert. Prüfen Sie, ob der Port TLS spricht, Version 1.2 oder neuer.
accounts-directory-why-empty-password = Das Konto hat hier kein Passwort. Geben Sie es ein.
accounts-directory-why-wrong-password = Das Konto oder sein Passwort ist falsch.
accounts-directory-why-bind-refused = Der Server lässt das Konto nicht ein. Prüfen Sie, ob es gesperrt ist und was der Server verlangt.
accounts-directory-why-base-missing = An dieser Basis ist nichts, oder das Konto darf es nicht sehen. Prüfen Sie beides.
accounts-directory-why-not-permitted = Das Konto darf das nicht lesen. Erlauben Sie es dort.
accounts-directory-why-truncated = Der Server hat die Antwort gekürzt. Heben Sie seine Grenzen für das Konto auf.
accounts-directory-why-referral = Der Server verweist auf einen anderen, dem nicht gefolgt wird. Wählen Sie eine Basis, die er selbst hat.
accounts-directory-why-broke-off = Die Verbindung endete zu früh. Der nächste Lauf beginnt neu.
accounts-directory-why-malformed = Was kam, ist kein LDAP oder größer, als eine Nachricht sein darf. Prüfen Sie die Adresse.
accounts-directory-why-refused = Der Server hat abgelehnt. Sein Protokoll sagt mehr.
accounts-directory-why-endless = Der Server beendet seine Antwort nicht. Sein Protokoll sagt mehr.
accounts-directory-why-too-many-entries = Es gibt mehr Einträge, als ein Lauf liest. Engen Sie Basen oder Filter ein.
accounts-directory-why-too-many-members = Gruppen haben mehr Mitglieder, als ein Lauf liest. Engen Sie den Filter für Gruppen ein.
accounts-directory-why-value-too-long = Ein Wert ist zu lang. Kürzen Sie ihn, oder ordnen Sie ein anderes Attribut zu.
accounts-directory-why-value-unreadable = Ein Wert hat nicht die Form, die er haben soll. Berichtigen Sie ihn, oder ordnen Sie ein anderes Attribut zu.
accounts-directory-why-in-pieces = Der Server gibt die Mitglieder einer Gruppe in Stücken heraus; das wird nicht gelesen. Lassen Sie die Gruppe durch den Filter weg.
accounts-directory-why-missing = Einem Eintrag fehlt ein Attribut, das er braucht. Ordnen Sie ein anderes zu, oder engen Sie den Filter ein.
accounts-directory-why-duplicate-id = Zwei Einträge haben dieselbe Kennung. Ordnen Sie das Attribut zu, das eindeutig ist, oder entfernen Sie die Kopie.
accounts-directory-why-internal = Hier ist etwas schiefgegangen. Es wird erneut versucht; das Protokoll sagt mehr.
accounts-directory-why-interrupted = Der Lauf wurde unterbrochen. Was er tat, bleibt, und der nächste macht weiter.
accounts-directory-why-unfit = Die Einstellungen taugen nicht mehr. Öffnen und speichern Sie sie.
accounts-directory-preview = Vorschau
accounts-directory-run-now = Jetzt lesen
accounts-directory-asked = Es beginnt. Laden Sie die Seite neu, um zu sehen, was daraus wurde.
accounts-directory-runs-already = Ein Lauf wartet oder ist schon unterwegs.
accounts-directory-not-that = Das würde er nicht mehr tun. Sehen Sie sich die Seite noch einmal an.
accounts-directory-running-hint = Ein Lauf ist unterwegs. Laden Sie die Seite neu, um zu sehen, was daraus wurde.
accounts-directory-delete = Löschen
accounts-directory-delete-text = Personen und Gruppen, die aus ihm kamen, bleiben, wie sie sind, und gehören nur noch dieser Plattform.
accounts-directory-deleted = Das Verzeichnis wurde gelöscht.
accounts-directory-not-confirmed = Der Name wurde nicht eingegeben. Nichts wurde gelöscht.
accounts-directory-waits = Der letzte Lauf würde so viel wegnehmen, dass erst jemand hinsehen muss. Nichts wurde geändert.
accounts-directory-approve = Genau das tun
accounts-directory-discard = Nicht tun
accounts-directory-approved = Es wird getan, wenn sich das Verzeichnis inzwischen nicht geändert hat.
accounts-directory-discarded = Es wird nicht getan.
accounts-directory-would = Was er täte
accounts-directory-would-hint = Von jeder Art werden höchstens 500 gezeigt.
accounts-directory-to-suspend = Verlieren ihren Zugang
accounts-directory-to-reinstate = Bekommen ihren Zugang zurück
accounts-directory-to-create = Kommen hinzu
accounts-directory-to-update = Ändern sich
accounts-directory-to-empty = Gruppen, die geleert werden
accounts-directory-to-create-groups = Gruppen, die hinzukommen
accounts-directory-to-change-groups = Gruppen, die sich ändern
accounts-directory-is-disabled = im Verzeichnis gesperrt
accounts-directory-is-expired = das Konto dort ist abgelaufen
accounts-directory-is-gone = nicht mehr im Verzeichnis
accounts-directory-members-come = { $count ->
    [one] ein Mitglied kommt hinzu
   *[other] { $count } kommen hinzu
  }
accounts-directory-members-go = { $count ->
    [one] ein Mitglied geht
   *[other] { $count } gehen
  }
accounts-directory-conflicts = Was ausgelassen wird
accounts-directory-conflicts-hint = Niemand wird wegen Name oder Adresse für jemand anderen gehalten. Verknüpfen Sie zwei Konten nur, wenn Sie wissen, dass sie dasselbe sind.
accounts-directory-obstacle-user-name-taken = hat den Benutzernamen von
accounts-directory-obstacle-mail-taken = hat die Mailadresse von
accounts-directory-obstacle-user-name-twice = hat den Benutzernamen eines anderen Eintrags
accounts-directory-obstacle-mail-twice = hat die Mailadresse eines anderen Eintrags
accounts-directory-obstacle-in-trash = liegt hier im Papierkorb
accounts-directory-obstacle-no-mail = hat keine Mailadresse
accounts-directory-obstacle-unfit = hat einen Namen oder eine Kennung, die nicht zu behalten ist
accounts-directory-obstacle-administrator = ist Administrator: geben Sie den Zugang von Hand zurück
accounts-directory-obstacle-last-administrator = ist der letzte Administrator und behält den Zugang
accounts-directory-obstacle-group-name-taken = hat den Namen der Gruppe
accounts-directory-obstacle-group-name-twice = hat den Namen einer anderen Gruppe des Verzeichnisses
accounts-directory-obstacle-cycle = wäre in sich selbst
accounts-directory-link = Sie sind dasselbe
accounts-directory-linked = Verknüpft. Der nächste Lauf bringt mit, was das Verzeichnis weiß.
accounts-directory-unlinked = Nicht mehr verknüpft. Das Konto gehört nur noch dieser Plattform.
accounts-directory-entry-taken = Jemand anderes ist mit diesem Eintrag verknüpft.
accounts-directory-unlink = Verknüpfung lösen
accounts-directory-of-person = Kommt aus dem Verzeichnis { $name }. Es bestimmt über Namen, Titel, Abteilung, Telefon, Vorgesetzte, Mailadressen und Zugang: Änderungen hier macht sein nächster Lauf rückgängig.
accounts-directory-of-group = Kommt aus dem Verzeichnis { $name }. Es bestimmt über den Namen und darüber, wer von seinen Personen darin ist: Änderungen daran macht sein nächster Lauf rückgängig.
accounts-directory-group-unlinked = Nicht mehr verknüpft. Die Gruppe und wer darin ist gehören nur noch dieser Plattform.
accounts-directory-runs = Verlauf
accounts-directory-by = Verlangt von
accounts-directory-schedule = Zeitplan
accounts-directory-decided-by = entschieden von { $name }
accounts-directory-lasted = Dauer
accounts-directory-run-running = läuft
accounts-directory-run-previewed = Vorschau
accounts-directory-run-done = erledigt
accounts-directory-run-stopped = wartet auf eine Entscheidung
accounts-directory-run-approved = genehmigt
accounts-directory-run-discarded = verworfen
accounts-directory-run-superseded = überholt
accounts-directory-run-failed = gescheitert
accounts-directory-created = { $count ->
    [one] eine Person hinzugefügt
   *[other] { $count } Personen hinzugefügt
  }
accounts-directory-updated = { $count ->
    [one] eine Person geändert
   *[other] { $count } Personen geändert
  }
accounts-directory-suspended = { $count ->
    [one] einer Person der Zugang genommen
   *[other] { $count } Personen der Zugang genommen
  }
accounts-directory-reinstated = { $count ->
    [one] einer Person der Zugang zurückgegeben
   *[other] { $count } Personen der Zugang zurückgegeben
  }
accounts-directory-groups-created = { $count ->
    [one] eine Gruppe hinzugefügt
   *[other] { $count } Gruppen hinzugefügt
  }
accounts-directory-groups-changed = { $count ->
    [one] eine Gruppe geändert
   *[other] { $count } Gruppen geändert
  }
accounts-directory-groups-emptied = { $count ->
    [one] eine Gruppe geleert
   *[other] { $count } Gruppen geleert
  }
accounts-directory-conflicts-count = { $count ->
    [one] einer ausgelassen
   *[other] { $count } ausgelassen
  }
accounts-directory-refused = { $count ->
    [one] ein Schritt abgelehnt
   *[other] { $count } Schritte abgelehnt
  }
accounts-rule = Regel
accounts-rule-hint = Wer aufgrund seiner Angaben zur Gruppe gehört. Personen kommen und gehen von selbst, wenn sich diese ändern. Wer von Hand aufgenommen wurde, bleibt in der Gruppe.
accounts-rule-matching = Wer dazugehört
accounts-rule-all = Personen, auf die jede Bedingung zutrifft
accounts-rule-any = Personen, auf die eine der Bedingungen zutrifft
accounts-rule-condition = Bedingung { $number }
accounts-rule-fact = Angabe
accounts-rule-nothing = Keine
accounts-rule-test = Vergleich
accounts-rule-value = Wert
accounts-rule-mail-domain = Domain der E-Mail-Adresse
accounts-rule-language = Sprache
accounts-rule-manager = Vorgesetzte Person (Anmeldename)
accounts-rule-is = ist
accounts-rule-is-not = ist nicht
accounts-rule-contains = enthält
accounts-rule-starts-with = beginnt mit
accounts-rule-at-least = ist mindestens
accounts-rule-at-most = ist höchstens
accounts-rule-is-empty = ist leer
accounts-rule-is-set = ist ausgefüllt
accounts-rule-look = Vorschau
accounts-rule-save = Regel speichern
accounts-rule-remove = Regel entfernen
accounts-rule-remove-hint = Ohne Regel bleiben alle, die in der Gruppe sind, in ihr.
accounts-rule-preview = Was geschehen würde
accounts-rule-takes = { $count ->
    [one] Die Regel trifft auf { $count } Person zu.
   *[other] Die Regel trifft auf { $count } Personen zu.
}
accounts-rule-same = Niemand käme hinzu oder ginge.
accounts-rule-joins = { $count ->
    [one] { $count } Person käme hinzu
   *[other] { $count } Personen kämen hinzu
}
accounts-rule-leaves = { $count ->
    [one] { $count } Person ginge
   *[other] { $count } Personen gingen
}
accounts-rule-more = { $count ->
    [one] und { $count } weitere
   *[other] und { $count } weitere
}
accounts-rule-empty = Geben Sie mindestens eine Bedingung an.
accounts-rule-no-field = Dieses Feld gibt es nicht mehr. Wählen Sie ein anderes.
accounts-rule-no-order = Nur Felder mit Zahlen oder Tagen lassen sich so vergleichen. Wählen Sie einen anderen Vergleich.
accounts-rule-too-many = Mehr Gruppen mit Regel kann es nicht geben. Entfernen Sie zuerst die Regel einer anderen Gruppe.
accounts-rule-saved = Die Regel ist gespeichert. Die Gruppe folgt ihr in wenigen Sekunden.
accounts-rule-removed = Die Regel ist entfernt. Alle, die in der Gruppe waren, bleiben in ihr.
accounts-by-rule = durch Regel
accounts-member-by-rule = Die Regel der Gruppe nimmt diese Person auf. Ändern Sie die Regel oder die Angaben, nach denen sie geht.
accounts-archive = Archiv der Daten
accounts-archive-text = Alles, was hier über Sie gespeichert ist, in einer Datei: Profil und Gruppen, womit und von wo Sie sich anmelden, was Ihnen mitgeteilt wurde und was durch Sie und mit Ihnen geschah. Passwörter, Schlüssel und andere Geheimnisse sind nicht dabei.
accounts-archive-of = Alles, was über { $name } gespeichert ist, in einer Datei. Nur Sie können sie öffnen. Dass Sie darum gebeten und sie geöffnet haben, steht im Prüfpfad, und die Person sieht es unter „Aktivität“.
accounts-archive-hint = Das Sammeln dauert einen Augenblick; Sie erfahren, wenn es fertig ist. Es wird 7 Tage aufbewahrt, oder bis Sie ein neues erstellen.
accounts-archive-ask = Archiv erstellen
accounts-archive-asked = Das Archiv wird erstellt. Sie erfahren, wenn es fertig ist.
accounts-archive-under-way = Ein Archiv wird schon erstellt.
accounts-archive-too-many = Mehr als 20 Archive am Tag gehen nicht. Versuchen Sie es morgen wieder.
accounts-archive-look = Noch einmal nachsehen
accounts-archive-open = Herunterladen
accounts-archive-until = Aufbewahrt bis
accounts-archive-collecting = Wird erstellt
accounts-archive-ready = Fertig
accounts-archive-partial = Fertig, mit Lücken
accounts-archive-failed = Konnte nicht erstellt werden
accounts-archive-replaced = Durch ein neueres ersetzt
accounts-archive-progress = Dienste, die gesagt haben, was sie speichern
accounts-archive-part-waiting = Wird gefragt
accounts-archive-part-again = Antwortete nicht, wird noch einmal gefragt
accounts-archive-part-done = Fertig
accounts-archive-part-failed = Fehlt: antwortete nicht oder sagte zu viel
accounts-archive-readme =
    Dieses Archiv enthält, was über { $name } ({ $username }) gespeichert ist, Stand { $at }.

    Jeder Ordner ist ein Teil der Plattform, jede Datei eine Liste von Einträgen in JSON. Andere Personen sind nur mit
    ihrer Kennung genannt. Passwörter, Schlüssel und andere Geheimnisse sind nicht dabei, auch nicht das, womit sie
    geprüft werden. Zeilen des Protokolls ebenso wenig: Sie werden nach so vielen Tagen gelöscht, wie eingestellt ist.
accounts-archive-readme-accounts = Profil, Bild, Mailadressen, Gruppen, Zuständigkeiten, Freigaben, Einladung, was durch die Person und mit ihr geschah
accounts-archive-readme-auth = Anmeldung: Sitzungen, Browser, Schlüssel, womit sich die Person anmeldet, Versuche
accounts-archive-readme-notifications = was der Person mitgeteilt wurde, und Mail an sie
accounts-archive-readme-settings = Einstellungen der Plattform, die die Person geändert hat
accounts-archive-readme-other = was der Dienst über die Person speichert
accounts-archive-readme-missing = Es fehlt, weil der Dienst lange nicht antwortete oder mehr sagte, als hineinpasst. Erstellen Sie später ein neues Archiv:
accounts-archive-readme-files = Dateien, und wie viele Einträge jede hat:
accounts-archive-readme-cut = es gibt mehr, nur die neuesten sind hier
accounts-filters = Gespeicherte Filter
accounts-filters-own = Ihre
accounts-filters-shared = Von anderen Administratoren geteilt
accounts-filters-none = Sie haben keine Filter gespeichert
accounts-filters-none-hint = Suchen oder filtern Sie in der Liste der Personen, und speichern Sie unter einem Namen, was sie zeigt.
accounts-filters-all = Alle gespeicherten Filter
accounts-filters-full = Sie haben 50 Filter gespeichert, mehr gehen nicht. Löschen Sie zuerst einen.
accounts-filter-keep = Diesen Filter speichern
accounts-filter-kept = Der Filter ist gespeichert.
accounts-filter-empty = Suchen oder filtern Sie zuerst in der Liste, und speichern Sie das dann unter einem Namen.
accounts-filter-name-taken = Ein anderer Ihrer Filter hat diesen Namen.
accounts-filter-change = Ändern
accounts-filter-delete = Filter löschen
accounts-filter-delete-text = Niemand sieht ihn mehr. Die Personen, die er zeigt, bleiben, wie sie sind.
accounts-filter-deleted = Der Filter ist gelöscht.
accounts-filter-share = Mit allen Administratoren teilen
accounts-filter-share-hint = Sie sehen und öffnen ihn. Nur Sie selbst ändern oder löschen ihn.
accounts-filter-is-shared = Geteilt
accounts-filter-words = „{ $words }“
accounts-filter-order = nach { $column }
