# Wörter des Rahmens, der Bausteine und der Fehlerseiten. Schlüssel beginnen mit `ui-`.

## Handlungen
ui-save = Speichern
ui-cancel = Abbrechen
ui-close = Schließen
ui-delete = Löschen
ui-edit = Bearbeiten
ui-back = Zurück
ui-add = Hinzufügen
ui-apply = Anwenden
ui-clear = Alles zurücksetzen
ui-undo = Rückgängig
ui-dismiss = Ausblenden
ui-retry = Erneut versuchen
ui-copy = Kopieren
ui-copied = Kopiert
ui-copy-failed = Kopieren ging nicht. Markieren Sie den Text und kopieren Sie ihn von Hand.
ui-actions = Aktionen
ui-show-password = Passwort anzeigen
ui-hide-password = Passwort verbergen

## Rahmen
ui-skip = Zum Inhalt springen
ui-navigation = Hauptnavigation
ui-breadcrumb = Pfad
ui-apps = Apps
ui-home = Startseite
ui-overview = Übersicht
ui-administration = Verwaltung
ui-search = Suche
ui-search-hint = Suchen oder Befehl ausführen
ui-notifications = Benachrichtigungen
ui-account-of = Konto von { $name }
ui-profile = Profil
ui-security = Sicherheit
ui-switch-account = Konto wechseln
ui-sign-in = Anmelden
ui-sign-out = Abmelden
ui-theme = Farbschema
ui-theme-system = Wie das System
ui-theme-light = Hell
ui-theme-dark = Dunkel
ui-language = Sprache

## Suche und Befehle
ui-palette-placeholder = Personen, Seiten und Befehle suchen
ui-palette-empty = Nichts gefunden für „{ $query }“
ui-palette-failed = Die Suche antwortet gerade nicht. Befehle gehen weiterhin.
ui-palette-go = Gehe zu
ui-palette-commands = Befehle
ui-palette-theme = Farbschema: { $name }
ui-palette-language = Sprache: { $name }
ui-palette-help = ↑ ↓ zum Auswählen, Eingabe zum Öffnen, Esc zum Schließen
ui-palette-results = { $count ->
    [one] Ein Treffer
   *[other] { $count } Treffer
  }

## Benachrichtigungen
ui-bell-unread = { $count ->
    [0] Benachrichtigungen, keine ungelesen
    [one] Benachrichtigungen, eine ungelesen
   *[other] Benachrichtigungen, { $count } ungelesen
  }
ui-bell-empty = Nichts Neues
ui-bell-empty-hint = Was Ihre Aufmerksamkeit braucht, erscheint hier.
ui-bell-failed = Benachrichtigungen lassen sich gerade nicht lesen.
ui-bell-all = Alle anzeigen
ui-bell-new = Neue Benachrichtigung: { $title }

## Formulare
ui-optional = freiwillig
ui-drop = Dateien auswählen oder hier ablegen
ui-uploading = Wird hochgeladen
ui-upload-failed = Das Hochladen ging nicht. Versuchen Sie es erneut.
ui-file-remove = { $name } entfernen
ui-confirm-type = Geben Sie zur Bestätigung „{ $name }“ ein
ui-combobox-none = Keine Vorschläge
ui-crop-zoom = Zoom
ui-crop-apply = Dieses Bild verwenden
ui-crop-hint = Zum Verschieben ziehen; mit dem Regler oder den Pfeiltasten anpassen.
ui-crop-unreadable = Diese Datei ist kein Bild, das der Browser lesen kann. Verwenden Sie PNG, JPEG oder WebP.
ui-form-invalid = Einige Felder brauchen noch einen Blick.

## Teilen
ui-share = Teilen
ui-share-whom = Person oder Gruppe
ui-share-whom-hint = Zwei Buchstaben eines Namens oder eine ganze E-Mail-Adresse. Gruppen beginnen mit @.
ui-share-whom-missing = Geben Sie an, mit wem.
ui-share-level = Stufe
ui-share-level-missing = Wählen Sie eine Stufe.
ui-share-read = Darf es sehen
ui-share-write = Darf es ändern
ui-share-admin = Darf es ändern und teilen
ui-share-until = Bis
ui-share-end-hint = Leer lassen für immer. Zeitzone: { $zone }.
ui-share-end-odd = Das ist kein Zeitpunkt. Wählen Sie Tag und Uhrzeit, oder lassen Sie das Feld leer.
ui-share-add = Teilen
ui-share-with = Geteilt mit
ui-share-nobody = Noch mit niemandem.
ui-share-everybody = Alle
ui-share-signed-in = Alle, die angemeldet sind, auch Gäste
ui-share-public = Alle, auch ohne Anmeldung
ui-share-service = Dienstkonto { $id }
ui-share-you = Sie
ui-share-granted = Geteilt { $when }
ui-share-granted-by = Geteilt von { $name } { $when }
ui-share-remove = Entfernen
ui-share-leave = Mich entfernen
ui-share-leave-text = Sie nähmen sich selbst von der Liste und könnten sich nicht wieder daraufsetzen. Was Sie durch eine Gruppe oder wie alle dürfen, bleibt.
ui-share-unknown = Niemand mit diesem Namen ist zu finden. Prüfen Sie die Schreibweise, oder wählen Sie aus der Liste.
ui-share-past = Das Ende liegt in der Vergangenheit. Wählen Sie ein späteres.
ui-share-too-many = Das ist schon mit so vielen geteilt, wie möglich sind. Machen Sie eine Gruppe daraus und teilen Sie es mit ihr.
ui-share-too-open = Alle können es nicht teilen. Wählen Sie eine andere Stufe.
ui-share-last-admin = Niemand bliebe, der es auf Dauer teilen darf. Geben Sie das zuerst jemand anderem.
ui-share-not-admin = Sie dürfen das nicht mehr teilen. Fragen Sie jemanden, der es darf.
ui-share-odd = Das ist nicht lesbar. Laden Sie die Seite neu und versuchen Sie es noch einmal.
ui-share-done = Gespeichert.
ui-share-removed = Entfernt.
ui-share-unchanged = Es war schon so.

## Tabellen
ui-filters = Aktive Filter
ui-filter-remove = Filter { $label }: { $value } entfernen
ui-select-all = Alle auf dieser Seite auswählen
ui-select-row = { $name } auswählen
ui-selected = { $count ->
    [one] Eine Zeile ausgewählt
   *[other] { $count } Zeilen ausgewählt
  }
ui-pages = Seiten
ui-page = Seite { $number }
ui-previous = Vorige Seite
ui-next = Nächste Seite
ui-rows = { $first }–{ $last } von { $total }
ui-table-empty = Noch nichts hier
ui-table-nothing = Kein Treffer
ui-table-nothing-hint = Versuchen Sie andere Wörter oder weniger Filter.
ui-table-failed = Diese Liste lässt sich gerade nicht lesen
ui-table-failed-hint = Es ist nichts verloren. Versuchen Sie es gleich noch einmal.
ui-loading = Wird geladen

## Zeit
ui-now = gerade eben
ui-minutes-ago = { $count ->
    [one] vor 1 Minute
   *[other] vor { $count } Minuten
  }
ui-hours-ago = { $count ->
    [one] vor 1 Stunde
   *[other] vor { $count } Stunden
  }
ui-days-ago = { $count ->
    [one] gestern
   *[other] vor { $count } Tagen
  }
ui-months-ago = { $count ->
    [one] vor 1 Monat
   *[other] vor { $count } Monaten
  }
ui-years-ago = { $count ->
    [one] vor 1 Jahr
   *[other] vor { $count } Jahren
  }
ui-in-minutes = { $count ->
    [one] in 1 Minute
   *[other] in { $count } Minuten
  }
ui-in-hours = { $count ->
    [one] in 1 Stunde
   *[other] in { $count } Stunden
  }
ui-in-days = { $count ->
    [one] morgen
   *[other] in { $count } Tagen
  }
ui-in-months = { $count ->
    [one] in 1 Monat
   *[other] in { $count } Monaten
  }
ui-in-years = { $count ->
    [one] in 1 Jahr
   *[other] in { $count } Jahren
  }

## Fehler
ui-error-400 = Diese Anfrage wurde nicht verstanden
ui-error-400-advice = Gehen Sie zurück und versuchen Sie es erneut. Bleibt es dabei, nennen Sie der Verwaltung den Code unten.
ui-error-401 = Bitte melden Sie sich an
ui-error-401-advice = Diese Seite ist für angemeldete Personen.
ui-error-403 = Das ist Ihnen nicht zugänglich
ui-error-403-advice = Ihr Konto darf diese Seite nicht sehen. Sollte es das, fragen Sie die Verwaltung.
ui-error-404 = Hier ist nichts
ui-error-404-advice = Die Seite ist vielleicht umgezogen, oder die Adresse enthält einen Tippfehler.
ui-error-409 = Jemand war schneller
ui-error-409-advice = Was Sie ändern wollten, hat sich inzwischen geändert. Gehen Sie zurück, sehen Sie es sich noch einmal an und wiederholen Sie die Änderung.
ui-error-413 = Das ist zu groß
ui-error-413-advice = Was Sie gesendet haben, überschreitet die Grenze. Wählen Sie etwas Kleineres.
ui-error-429 = Bitte etwas langsamer
ui-error-429-advice = Es waren zu viele Versuche. Warten Sie einen Moment und versuchen Sie es erneut.
ui-error-500 = Bei uns ist etwas schiefgegangen
ui-error-500-advice = Es wurde festgehalten. Versuchen Sie es erneut, oder nennen Sie der Verwaltung den Code unten.
ui-error-503 = Diese App macht gerade Pause
ui-error-503-advice = Sie wird aktualisiert oder startet gerade. Diese Seite versucht es von selbst erneut.
ui-error-503-sent-advice = Was Sie gesendet haben, ist vielleicht nicht angekommen. Warten Sie einen Moment, gehen Sie zurück und senden Sie es noch einmal.
ui-error-form = Dieses Formular ist abgelaufen
ui-error-form-advice = Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular noch einmal.
ui-retrying = Neuer Versuch in { $count ->
    [one] einer Sekunde
   *[other] { $count } Sekunden
  }
