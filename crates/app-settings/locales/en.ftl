settings-title = Settings
settings-subtitle = Changes take effect at once, in every running app.
settings-nothing = No app has declared settings
settings-nothing-hint = Apps appear here when they start.
settings-app-nothing = This app has no settings
settings-app = App
settings-count = Settings
settings-version = Version
settings-state = State
settings-total = { $count ->
    [one] { $count } setting
   *[other] { $count } settings
}
settings-stored = { $count } changed
settings-running = Running
settings-away = Not running
settings-misfits = { $count ->
    [one] { $count } value not in force
   *[other] { $count } values not in force
}
settings-general = General
settings-none = not set
settings-empty = empty
settings-on = on
settings-off = off

settings-default = Default
settings-from-environment = From the environment variable { $variable }
settings-changed-by = Changed by { $name }, { $when }
settings-reset = Back to the default: { $value }
settings-reset-environment = Back to the environment’s value: { $value }
settings-refused = { $count ->
    [one] Nothing was saved. One field needs your attention.
   *[other] Nothing was saved. { $count } fields need your attention.
}
settings-saved = { $count ->
    [one] One setting saved. It is in force.
   *[other] { $count } settings saved. They are in force.
}
settings-unchanged = Nothing to save: all settings are as they were.
settings-conflict = { $name } changed this meanwhile to “{ $value }”. Save again to replace it.
settings-conflict-reset = Somebody brought this back to “{ $value }” meanwhile. Save again to replace it.
settings-misfit = The stored value is not in force; the default is. { $reason }
settings-misfit-secret = This was stored as a secret and no longer is one. Set it again.
settings-misfit-open = This has become a secret and is being encrypted.

settings-hint-between = Between { $least } and { $most }.
settings-hint-at-least = At least { $least }.
settings-hint-at-most = At most { $most }.
settings-hint-duration = For example 15m, 2h or 7d.
settings-hint-list = One value per line.

settings-fault-type = This is not a value this setting can have.
settings-fault-required = Enter a value.
settings-fault-too-long = { $count ->
    [one] Use at most one character.
   *[other] Use at most { $count } characters.
}
settings-fault-control = Remove line breaks and control characters.
settings-fault-number = Enter a whole number.
settings-fault-below = Enter at least { $least }.
settings-fault-above = Enter at most { $most }.
settings-fault-boolean = Choose on or off.
settings-fault-option = Choose one of the options.
settings-fault-url = Enter a whole address that begins with http:// or https://.
settings-fault-email = Enter a mail address such as name@example.org.
settings-fault-duration = Enter a length of time such as 15m, 2h or 7d.
settings-fault-too-many = { $count ->
    [one] Enter at most one value.
   *[other] Enter at most { $count } values.
}

settings-secret-stored = Set
settings-secret-unset = Not set.
settings-secret-unset-variable = Not set here. The app uses the environment variable { $variable } if it has one.
settings-secret-new = New value
settings-secret-set = Set
settings-secret-replace = Replace
settings-secret-clear = Clear
settings-secret-saved = The secret is stored encrypted and in force.
settings-secret-cleared = The secret is cleared.
settings-secret-conflict = { $name } changed this secret meanwhile. Enter yours again to replace it.
settings-secret-conflict-cleared = Somebody cleared this secret meanwhile. Enter yours again to set it.

settings-history = History
settings-history-empty = Nothing has been changed yet
settings-history-set = { $old } → { $new }
settings-history-reset = { $old } → { $new } (default)
settings-history-secret-set = Secret set
settings-history-secret-cleared = Secret cleared
settings-to-form = Settings
settings-setting = Setting
settings-all = All settings
settings-when = When
settings-who = Who
settings-what = Change
settings-older = Older
