auth-sign-in = Sign in
auth-sign-in-title = Sign in
auth-next = Next
auth-somebody-else = This is not me
auth-sign-out = Sign out
auth-signed-out = You are signed out.
auth-login = Username or email
auth-login-missing = Enter your username or email address.
auth-username = Username
auth-username-hint = 2 to 40 lower-case letters, digits, dots, hyphens or underscores.
auth-username-invalid = Choose another username, with a letter or digit at both ends.
auth-display-name = Your name
auth-display-name-invalid = Enter your name, at most 100 characters.
auth-email = Email address
auth-email-invalid = Enter an address such as ada@example.org.
auth-password = Password
auth-refused-or-away = Username and password do not match, or the directory that keeps passwords cannot be asked at this moment. Check both and try again in a minute; the other ways to sign in work.
auth-directory-hint = The directory has rules of its own. Here: at least 8 characters.
auth-directory-change = Your password has to be changed first, in the directory that keeps it.
auth-directory-change-title = Choose a new password
auth-directory-change-text = The directory that keeps your password wants another one before it lets you in. Every other session of your account ends then.
auth-directory-change-submit = Change the password and sign in
auth-directory-expired = Your password has expired, and { $directory } does not let you change it here any more. Have it reset there.
auth-directory-closed = The directory that keeps your password does not let you in at this moment. Ask whoever runs it.
auth-directory-away = The directory that keeps your password cannot be asked at this moment. Nothing was changed: try again in a minute.
auth-directory-too-weak = The directory does not take this password: it is too easy. Choose another one.
auth-directory-too-short = The directory does not take this password: it is too short. Choose a longer one.
auth-directory-in-history = The directory does not take a password that you had lately. Choose another one.
auth-directory-too-young = The directory does not let you change a password that is so new. Try again later.
auth-directory-not-allowed = The directory does not let you change your password. Ask whoever runs it.
auth-directory-rules = The directory does not take this password: its rules forbid it. Choose another one.
auth-password-in-directory = Your password is kept in { $directory }. Changing it here changes it there, for everything you use it for.
auth-kept-elsewhere-title = Welcome, { $name }
auth-kept-elsewhere-text = Your password is kept in { $directory }: sign in with it. None is chosen here.
auth-reset-elsewhere = { $directory } keeps the password of this person. Reset it there.
auth-mail-elsewhere-heading = Your password is kept in { $directory }
auth-mail-elsewhere-text = Somebody asked for a new password for your account. It cannot be chosen here: whoever runs { $directory } resets it. If you know it, sign in with it as ever.
auth-mail-elsewhere-note = If you did not ask for it, do nothing: your password stays as it is.
auth-person-in-directory = kept in { $directory }
auth-explain-directory-change = The password fitted, but the directory wants it changed first.
auth-explain-directory-expired = The password fitted, but it has expired in the directory, which does not let it be changed any more. Reset it there.
auth-explain-directory-locked = The directory does not let the account in: it is locked there, or over.
auth-explain-directory-nobody = The directory does not know the person any more. Look at its next run.
auth-explain-directory-away = The directory could not be asked. The log of accounts says at which step it ended.
auth-explain-directory-spared = Too many wrong passwords from unknown browsers came before: the directory was not asked, so that it does not lock the account. The person has a mail with a way in.
auth-explain-kept-elsewhere = { $directory } keeps the password.
auth-password-old = Current password
auth-password-new = New password
auth-password-missing = Enter your password.
auth-password-wrong = This is not your password. Check Caps Lock and try again.
auth-password-hint = At least 15 characters, or 8 beside a second factor. A few random words make a good password.
auth-password-too-short = Use at least 8 characters.
auth-password-too-short-alone = Use at least 15 characters. 8 are enough once you have set up a second factor.
auth-password-too-long = Use at most 128 characters.
auth-password-common = This is one of the first passwords anybody would try. Choose another one.
auth-password-personal = Choose a password without your name, your address or the name of this organisation or product.
auth-password-leaked = This password is in a list of leaked ones. Choose another one, and change it wherever you use it.
auth-password-same = This is your current password. Choose another one.
auth-refused = Username and password do not match. Check both and try again.
auth-limited = { $count ->
    [one] Too many attempts. Try again in a minute.
   *[other] Too many attempts. Try again in { $count } minutes.
}
auth-busy = Many people are signing in at this moment. Try again in a few seconds.
auth-away = This does not work at this moment. Nothing is wrong with what you entered: wait a moment and send the form again.
auth-stale = This page was open for too long. Nothing was lost: send the form again.
auth-forgotten = Forgot your password? An administrator can give you a link to set a new one.
auth-not-set-up-title = There is no administrator yet
auth-not-set-up = Open the set-up link that was printed on the terminal when the platform started.
auth-confirm = Confirm
auth-sudo-title = Confirm that it is you
auth-sudo-text = What comes next matters, and you signed in a while ago. Enter your password to go on.
auth-sudo-held-text = You signed in a while ago. Enter your password to go on: what you filled in is kept and sent afterwards.
auth-held-title = Thank you, it is you
auth-held-text = What you filled in was kept. Send it now, and nothing has to be typed again.
auth-held-submit = Send it now
auth-held-discard = Discard it
auth-held-gone-title = Nothing is kept here any more
auth-held-gone-text = What was filled in is kept for half an hour, for the person who filled it in.
auth-held-home = To the start page
auth-set-up-title = Welcome
auth-set-up-text = Create the first administrator. You can invite everybody else afterwards.
auth-set-up-submit = Create administrator
auth-invitation-title = Welcome, { $name }
auth-invitation-text = Choose a password to finish. You will be signed in right away.
auth-invitation-submit = Set password and sign in
auth-invitation-other = You are signed in as { $current }. When you go on, you will be signed in as { $invited } instead.
auth-dead-link-title = This link does not work any more
auth-dead-link-text = It was used already, is too old, or was not copied completely.
auth-dead-link-advice = If you have set your password already, just sign in. Otherwise ask an administrator for a new link; a set-up link is printed again on the terminal.
auth-security-title = Security
auth-security-text = Where you are signed in, and your password.
auth-sessions-title = Your sessions
auth-sessions-text = Browsers in which you are signed in. End those you do not recognise and change your password.
auth-sessions-end-others = End all other sessions
auth-sessions-ended = { $count ->
    [0] There were no other sessions.
    [one] One other session has ended.
   *[other] { $count } other sessions have ended.
}
auth-session-current = This browser
auth-session-end = End
auth-session-ended = The session has ended.
auth-device = Browser
auth-device-unknown = Unknown browser
auth-signed-in-at = Signed in
auth-last-used = Last used:
auth-device-on = { $program } on { $system }
auth-password-title = Password
auth-password-text = You need your current password to set a new one.
auth-password-change = Change password
auth-password-changed = Your password has been changed.
auth-password-end-others = End all other sessions
auth-password-end-others-hint = Whoever knows the old password is signed out.

# Who has to prove more
auth-admin-policy = Policy
auth-admin-people = Factors
auth-policy-roles = What each role has to prove
auth-policy-text = The highest demand of a person’s role and groups counts.
auth-policy-admins = Administrators
auth-policy-users = Members
auth-policy-guests = Guests
auth-policy-none = One way in is enough
auth-policy-second = A second factor: one-time password or passkey
auth-policy-phishing = A passkey: nothing that can be phished
auth-policy-grace = Whoever has less gets seven days from the next sign-in to set it up. Administrators in a session that proved less confirm it again before they reach these pages.
auth-policy-save = Save
auth-policy-saved = The policy was saved.
auth-policy-invalid = Choose one of the offered demands.
auth-policy-groups = Groups that have to prove more
auth-policy-groups-text = By the name of the group; whoever is in it through another group counts too.
auth-policy-group = Group
auth-policy-requirement = Has to prove
auth-policy-choose = Choose a group
auth-policy-group-add = Add group
auth-policy-no-groups = There is no further group with people in it.
auth-policy-members = { $count ->
    [0] Nobody is in it now.
    [one] One person is in it.
   *[other] { $count } people are in it.
}
auth-people-none = Nobody fits
auth-person-disabled = disabled
auth-person-totp = one-time passwords
auth-person-passkeys = { $count ->
    [one] one passkey
   *[other] { $count } passkeys
}
auth-person-has = Signs in with
auth-person-changed = last changed:
auth-person-nothing = none
auth-person-paper = Recovery codes
auth-person-passkey = Passkey
auth-person-asked = What is asked
auth-person-asked-text = By role, by groups, and of this person alone: the highest demand counts.
auth-person-asked-in-all = In all
auth-person-meets = set up
auth-person-owes = not set up
auth-person-grace = Can be put off until
auth-person-own = For yourself: your security page
auth-person-require = Of this person alone
auth-person-require-hint = Counts at once: the time to set it up is over, and sessions in which less was proven end.
auth-person-require-now = Require now
auth-person-required-done = This counts from now on.
auth-person-reset = Remove all second factors
auth-person-reset-text = One-time passwords, passkeys and all codes on paper of { $name } stop working, all sessions end, and { $name } is told. The password stays. Make sure by another way that it is really them who asked.
auth-person-reset-done = All second factors were removed and all sessions have ended.

# Passkeys
auth-or = or
auth-passkey-sign-in = Sign in with a passkey
auth-passkey-confirm = Confirm with a passkey
auth-passkey-instead = Use a passkey instead
auth-passkey-refused = That did not work. Try again, or sign in another way.
auth-passkey-failed = Nothing was confirmed. Try again, or go on another way.
auth-passkeys-title = Passkeys
auth-passkeys-text = Sign in with your fingerprint, your face or a security key. Nobody can guess or phish a passkey.
auth-passkeys-none = You have no passkey yet.
auth-passkey-add = Add a passkey
auth-passkey-add-title = Sign in without a password
auth-passkey-add-text = Your device keeps a passkey and unlocks it with your fingerprint, your face or its PIN.
auth-passkey-offer-text = This device can keep a passkey: next time a fingerprint, a look or its PIN is enough.
auth-passkey-later = Not now
auth-passkey-required = Your role or one of your groups needs a passkey. Add one to go on.
auth-passkey-unknown-here = This browser cannot use passkeys here. Use a current browser, with JavaScript, over https.
auth-passkey-name = Name
auth-passkey-name-hint = Such as “Work laptop”. Left empty, it is named after your device.
auth-passkey-name-invalid = Enter a name, at most 100 characters.
auth-passkey-added = The passkey “{ $name }” was added.
auth-passkey-added-use = The passkey “{ $name }” was added. Use it now to go on.
auth-passkey-not-added = The passkey was not added. Try again.
auth-passkey-paper = Get in with one of them after your password when your passkey is not at hand.
auth-passkey-too-many = You have as many passkeys as there may be. Remove one first.
auth-passkey-model = Kept by
auth-passkey-since = Added
auth-passkey-last-used = Last used
auth-passkey-never-used = Never used
auth-passkey-manage = Manage
auth-passkey-rename = Rename
auth-passkey-renamed = The passkey has a new name.
auth-passkey-remove = Remove passkey
auth-passkey-remove-text = It stops working here at once. Delete it on your device too, so that it is not offered any more.
auth-passkey-end-others-hint = Whoever signed in with it is signed out.
auth-passkey-removed = The passkey was removed.
auth-passkey-last = This passkey is your only way in. Set a password first (choose “Forgot your password?” when signing in) or add another passkey.
auth-second-factor-text-passkey = Show that it is you once more.
auth-explain-passkey = The passkey did not fit: unknown or removed, answered too late, for another address, or without unlocking it.
auth-explain-passkey-counter = The counter of the passkey went back: there may be a copy of it. Have the person remove it and add it anew.

# Keys
auth-keys-title = API keys
auth-keys-text = For programs that act for you. A key never reaches your password, sessions or other keys.
auth-keys-open = Show keys
auth-keys-none = No keys yet
auth-keys-none-text = Make one for each program, so that you can end it alone.
auth-key-new = New key
auth-key-new-text = It is shown once and stored as a hash.
auth-key-create = Create key
auth-key-name = Name
auth-key-name-hint = Where it will be used, such as “Backup on nas”.
auth-key-name-invalid = Enter a name, at most 80 characters.
auth-key-scopes = Scopes
auth-key-scopes-hint = What it may do, one per line: the app, a colon and the act, such as files:read. Everything else is refused. identity:read tells a program who it is, accounts:provision lets an identity provider keep people and groups.
auth-key-scopes-missing = Name at least one scope, such as identity:read.
auth-key-scopes-invalid = Write each scope as app:act in lower-case letters, at most 20. There are none for sign-in itself.
auth-key-days = Works for
auth-key-days-choice = { $count ->
    [one] one day
   *[other] { $count } days
}
auth-key-days-invalid = Choose between 1 and 365 days.
auth-key-app = Only for the app
auth-key-app-hint = Id of an app, such as files. Leave empty for all that the scopes name.
auth-key-app-invalid = Enter the id of an app, such as files.
auth-key-resource = Only for the resource
auth-key-resource-hint = As the app names it, such as folder/7.
auth-key-resource-invalid = Use at most 200 characters without spaces and #.
auth-key-networks = Only from the networks
auth-key-networks-hint = One per line, such as 192.0.2.0/24 or 2001:db8::/32. Leave empty for any.
auth-key-networks-invalid = Enter at most 20 networks such as 192.0.2.0/24.
auth-key-too-many = There are 50 working keys already. Revoke one first.
auth-key-made-title = Your new key
auth-key-made-once = Copy the key now. It is not stored and will not be shown again.
auth-key-made-use = Programs send it in the header field Authorization, after the word Bearer.
auth-key-made-done = Done
auth-key-begins = Begins with
auth-key-bounds = Limited to
auth-key-bound-app = app { $app }
auth-key-bound-resource = resource { $resource }
auth-key-bound-networks = networks { $networks }
auth-key-created = Created
auth-key-expires = Expires
auth-key-last-used = Last used
auth-key-last-used-from = From the network
auth-key-never-used = Never used
auth-key-holder = Acts for
auth-key-service = service
auth-key-roll = Replace key
auth-key-roll-text = You get a new key that may do the same. The old one goes on working for a while, so that nothing stops.
auth-key-overlap = The old key works on
auth-key-overlap-none = Not at all
auth-key-overlap-hour = For an hour
auth-key-overlap-day = For a day
auth-key-overlap-week = For a week
auth-key-revoke = Revoke key
auth-key-revoke-short = Revoke
auth-key-revoke-text = Programs that use this key are refused at once. This cannot be undone.
auth-key-revoked = The key has been revoked.
auth-key-ended-returned = given back
auth-key-ended-revoked = revoked
auth-key-ended-expired = expired
auth-key-ended-rolled = replaced
auth-key-ended-leaked = reported as leaked

# Administration
auth-admin-title = Sign-in security
auth-admin-keys = Keys
auth-admin-keys-none = Nobody has a key
auth-admin-keys-none-text = People make keys under Security. Service accounts get theirs here.
auth-admin-accounts = Service accounts
auth-accounts-text = Programs that act in their own name. Each has a person who answers for it and cannot sign in to pages.
auth-accounts-none = No service accounts yet
auth-account-new = New service account
auth-account-create = Create service account
auth-account-name = Name
auth-account-name-invalid = Use 2 to 40 lower-case letters, digits, dots, hyphens or underscores, with a letter or digit at both ends.
auth-account-name-taken = Another service account has this name.
auth-account-description = What it is for
auth-account-description-invalid = Use at most 200 characters.
auth-account-owner = Owner
auth-account-owner-new = New owner
auth-account-owner-none = nobody
auth-account-owner-hint = Username or email address of the person who answers for it.
auth-account-owner-invalid = Enter the username or email address of somebody who may sign in.
auth-account-role = Role
auth-account-role-hint = Never administrator: what it may do is named by the scopes of its keys.
auth-role-user = Member
auth-role-guest = Guest
auth-account-state = State
auth-account-active = works
auth-account-orphaned = waits for an owner
auth-account-orphaned-text = Its owner is disabled or gone. Its keys are refused until you hand it over to somebody else.
auth-account-disabled = switched off
auth-account-hand-over = Hand over
auth-account-hand-over-text = Somebody else answers for it from now on. Its keys stay as they are.
auth-account-handed-over = The service account has a new owner.
auth-account-disable = Switch off
auth-account-disable-text = All its keys are refused at once, until you switch it on again.
auth-account-enable = Switch on
auth-account-enabled = The service account works again.
auth-account-switched-off = The service account is switched off.

auth-admin-sessions = Sessions
auth-admin-sessions-none = Nobody is signed in who fits
auth-admin-sought = Name or email address
auth-admin-find = Find
auth-admin-person = Person
auth-admin-end-all = End all sessions of this person
auth-admin-end-all-short = End all
auth-admin-end-all-text = { $name } is signed out of every browser at once.
auth-admin-sessions-ended = { $count ->
    [0] There were no sessions to end.
    [one] One session has ended.
   *[other] { $count } sessions have ended.
}
auth-admin-sign-ins = Sign-ins
auth-sign-ins-everybody = Show everybody
auth-sign-ins-none = Nobody has tried to sign in
auth-sign-ins-nobody = nobody by that name
auth-outcome = Outcome
auth-outcome-success = signed in
auth-outcome-refused = refused
auth-outcome-limited = held back
auth-network = Network
auth-at = When
auth-explain = Explain
auth-explain-title = Why?
auth-explain-attempt = The attempt
auth-explain-cookie = Device cookie
auth-explain-cookie-yes = shown: this browser has signed somebody in before
auth-explain-cookie-no = none: a new browser, or one that forgets
auth-explain-address = Address
auth-explain-request = Request
auth-explain-more = More attempts of this person
auth-explain-success = The attempt succeeded.
auth-explain-unknown = Nobody has the name or address that was typed. It is not recorded, because people type passwords into the wrong field.
auth-explain-password = The person was found, the password did not fit.
auth-explain-code = The password fitted. The code after it was wrong, or was used before.
auth-explain-mail-code = The code from a mail was wrong.
auth-explain-break-glass = A break-glass code was wrong, used before, or not of an administrator.
auth-explain-limited = Too many attempts came before this one. It was not looked at.
auth-explain-other = The attempt was refused: { $reason }.
auth-explain-active = The account may sign in.
auth-explain-disabled = The account is disabled. Enable it under People.
auth-explain-no-password = The account has no password. Send a link to set one.
auth-explain-network = { $count ->
    [one] The network may try nothing for another minute.
   *[other] The network may try nothing for another { $count } minutes.
}
auth-explain-name = { $count ->
    [one] New browsers may not try this name for another minute. Known browsers may.
   *[other] New browsers may not try this name for another { $count } minutes. Known browsers may.
}
auth-explain-free = No limit is in the way now.
auth-admin-networks = Blocked networks
auth-networks-text = Networks that tried too often. Each further block lasts twice as long. Browsers that signed in before are not concerned.
auth-networks-none = No network is blocked
auth-networks-until = Blocked until
auth-networks-strikes = { $count ->
    [one] one block
   *[other] { $count } blocks
}
auth-network-forgive = Unblock
auth-network-forgiven = The network may try again.
auth-activity-title = Recent sign-ins
auth-activity-text = Attempts with your name, those that were refused included.
auth-mail-way = Send me a mail with a link
auth-mail-code-title = Look into your mail
auth-mail-code-text = If this name belongs to an account, a mail with a link and a code is on its way.
auth-mail-code = Code from the mail
auth-mail-code-hint = Six digits. Or follow the link in the mail in this browser.
auth-mail-code-wrong = This is not the code from the latest mail.
auth-mail-code-dead = This code no longer works. Ask for a new mail.
auth-mail-again = Send another mail
auth-mail-other-way = Sign in another way
auth-mail-link-title = Sign in
auth-mail-link-here = One click, and you are signed in.
auth-mail-link-elsewhere = This link works only in the browser in which you asked for it. Type the code from the mail there.
auth-mail-link-warning = If you did not ask to sign in, do nothing and give the code to nobody.
auth-mail-link-heading = Sign in
auth-mail-link-intro = Somebody wants to sign in with your account. If it is you, follow the link in the browser in which you asked for it.
auth-mail-link-button = Sign in
auth-mail-link-code = Or type this code there:
auth-mail-link-note = Link and code work once, within { $minutes } minutes. If you did not ask for them, do nothing and give them to nobody.
auth-forgotten-link = Forgot your password?
auth-forgotten-title = Forgot your password?
auth-forgotten-text = We send you a mail with a link to choose a new one.
auth-forgotten-submit = Send the mail
auth-forgotten-sent-title = Look into your mail
auth-forgotten-sent-text = If this name belongs to an account, a mail with a link is on its way. The link works once, within an hour.
auth-forgotten-sent-advice = Nothing there? Look among the unwanted mails, and whether the name was right.
auth-forgotten-again = Try another name
auth-reset-title = Choose a new password
auth-reset-text = Every other session of your account ends then.
auth-reset-submit = Set the password and sign in
auth-mail-reset-heading = Choose a new password
auth-mail-reset-intro = Somebody asked for a new password for your account { $username }. If it was you, choose one here.
auth-mail-reset-button = Choose a new password
auth-mail-reset-note = The link works once, within { $minutes } minutes. If you did not ask for it, do nothing: your password stays as it is.
auth-mail-when = When
auth-mail-device = Device
auth-mail-key = Key
auth-mail-address = Network address
auth-mail-not-me = If this was not you, end all other sessions and change your password.
auth-mail-security = Look at the security of your account
auth-mail-device-heading = New sign-in to your account
auth-mail-device-intro = Somebody signed in to your account with a browser that was not used for it before.
auth-mail-password-heading = Your password was changed
auth-mail-password-intro = The password of your account was changed.
auth-mail-guessed-heading = Sign-in after several wrong passwords
auth-mail-guessed-intro = Somebody signed in to your account after at least five wrong passwords.


auth-second-factor-title = One more step
auth-second-factor-text = Your password was right. Show that it is you with the code from your app.
auth-second-factor-soon = Your role needs a second factor. Set one up under Security before { $date }; from then on you will not get in without.
auth-second-factor-owed-title = Set up a second factor
auth-second-factor-owed = Your role or one of your groups needs more than you have set up. Once the time for it is over, you will set it up when you sign in.
auth-code = Code
auth-code-hint = The six digits your authenticator app shows now.
auth-code-wrong = This code is wrong or was used already. Wait for the next one and try again.
auth-code-lost = I do not have my app at hand
auth-recovery-code = Recovery code
auth-recovery-code-hint = One of the ten codes you printed or saved. Each works once.
auth-totp-title = Set up one-time passwords
auth-totp-text = Scan the picture with an authenticator app, then enter the code it shows.
auth-totp-required = Your role needs a second factor. Set it up to go on.
auth-totp-picture = Picture to scan. The same is written below to be typed.
auth-totp-secret = Secret to type
auth-totp-secret-hint = For apps that cannot scan: time based, six digits, thirty seconds.
auth-totp-submit = Set up
auth-totp-stale = This page was open for too long. Scan the new picture.
auth-totp-card = One-time passwords
auth-totp-card-text = An app shows a code that is asked for after your password.
auth-totp-add = Set up
auth-totp-since = Set up:
auth-totp-replace = Set up on another device
auth-totp-remove = Remove
auth-totp-removed = One-time passwords were removed.
auth-recovery-codes-title = Your recovery codes
auth-recovery-codes-text = Each gets you in once when your app is not at hand. Earlier codes do not work any more.
auth-recovery-codes-once = Print or save them now: they are not shown again.
auth-recovery-codes-save = Save as a file
auth-recovery-codes-next = I have kept them, go on
auth-recovery-codes-new = New recovery codes
auth-recovery-codes-left = { $count ->
    [one] One recovery code left
   *[other] { $count } recovery codes left
}
auth-admin-passwords = Passwords
auth-leaked-title = Leaked passwords
auth-leaked-text = Nobody can choose what is listed here. The list is asked on this machine; no password and no part of one leaves it.
auth-leaked-change = Choose a file
auth-leaked-none = No list was imported. The thirty thousand most often leaked passwords are built in.
auth-leaked-loaded = { $count ->
    [one] One password.
   *[other] { $count } passwords.
}
auth-leaked-made = The list was made on
auth-leaked-unusable = The file cannot be used. What was loaded before still counts.
auth-hashing-title = Cost of a password
auth-hashing-text = Measured at start: a hash takes about a fifth of a second, all at once at most a quarter of the memory.
auth-hashing-memory = Memory of one hash
auth-hashing-passes = Passes
auth-hashing-workers = Hashes at once
auth-mebibytes = { $count } MiB

## Accounts of one browser, and how long sessions last

auth-remember = Remember this device
auth-remember-hint = You stay signed in for longer here. Only for devices that are yours.
auth-accounts-continue = Go on with an account that is signed in here
auth-accounts-here = Accounts in this browser
auth-accounts-here-text = One account acts, in all tabs. The others wait.
auth-accounts-current = Acts now
auth-accounts-switch = Switch
auth-accounts-add = Sign in with another account
auth-accounts-full = Five accounts are the most for one browser. Sign out of one to add another.
auth-accounts-sign-out-all = Sign out of all accounts
auth-accounts-gone = That account is not signed in here any more.
auth-session-remembered = remembered device
auth-factor-password = Password
auth-factor-mail = Mail
auth-factor-totp = One-time password
auth-factor-recovery = Recovery code
auth-factor-passkey = Passkey
auth-factor-break-glass = Break-glass code
auth-place-machine = this machine
auth-place-local = local network
auth-place-network = network { $network }
auth-admin-end-one = End this session
auth-admin-end-one-text = { $name } is signed out of this device at once. Unsaved work there may be lost.
auth-break-glass-link = Use a break-glass code
auth-break-glass-title = Break-glass code
auth-break-glass-text = For administrators, on the day nothing else works. Each printed code opens the account once.
auth-break-glass-alarm = All administrators are told of every use.
auth-break-glass-code = Code
auth-break-glass-hint = Sixteen letters and digits, as printed
auth-break-glass-refused = Name and code do not fit, or the code was used before.
auth-break-glass-card = Break-glass codes
auth-break-glass-card-text = Printed codes for the day mail, directory or second factor do not work. Each opens your account once, without a password. Keep them in a safe.
auth-break-glass-make = Make new codes
auth-break-glass-left = { $count ->
    [0] There are none
    [one] One code left
   *[other] { $count } codes left
}
auth-break-glass-sheet = Your break-glass codes
auth-break-glass-once = Print this page now: the codes are not shown again, and earlier ones do not work any more.
auth-break-glass-use = Each code signs you in once, even when mail, directory and second factor are away. All administrators are told.
auth-break-glass-where = Where to type it
auth-break-glass-made = Made on
auth-break-glass-keep = Keep this sheet locked away, not beside the computer. Cross out what was used.
auth-mail-whose = Account
auth-reset-for = A new password for { $name }
auth-reset-for-text = They choose it themselves. A second factor is still asked for, and all their sessions end.
auth-reset-how = How does the link reach them?
auth-reset-by-mail = By mail, seen by nobody else
auth-reset-by-link = Show it to me once, I hand it over
auth-reset-how-missing = Choose how the link reaches them.
auth-reset-no-mail = No mail can be sent to this person. Let the link be shown.
auth-reset-told = They are told that you did this.
auth-reset-start = Start
auth-reset-mailed = A mail is on its way.
auth-reset-link = Link
auth-reset-link-once = This link is shown once. Whoever has it can choose the password.
auth-reset-link-give = Hand it to { $name } on a way that you trust.
auth-reset-link-until = Works until

## Tools behind proxies

auth-forward-on = You are signed in and on your way to { $tool }.
auth-forward-go = Go on
auth-forward-forbidden = You are signed in, but you may not use { $tool }. An administrator can change that.
auth-forward-circles = { $tool } asked for your sign-in three times within a minute. Its proxy or this browser does not keep the sign-in. Allow cookies for the tool, wait a minute, and open it again.
auth-admin-tools = Tools
auth-tools-text = Tools without a sign-in of their own, behind nginx, Traefik or Caddy.
auth-tools-none = No tools yet
auth-tool-silent = not asked yet
auth-tool-asks = in use
auth-tool-wrong = set up wrongly
auth-tool-new = New tool
auth-tool-edit = Edit
auth-tool-save = Save
auth-tool-saved = The tool is saved.
auth-tool-removed = The tool is removed. Nobody gets through its proxy any more.
auth-tool-remove = Remove the tool
auth-tool-remove-text = Its proxy lets nobody through any more, at once.
auth-tool-id = Name in addresses
auth-tool-id-hint = 1 to 40 lower-case letters, digits and hyphens. It cannot be changed later.
auth-tool-id-invalid = Use 1 to 40 lower-case letters, digits and hyphens.
auth-tool-id-taken = Another tool has this name. Choose a different one.
auth-tool-name = Name
auth-tool-name-invalid = Give a name of 1 to 80 characters.
auth-tool-proxy = Proxy in front of it
auth-tool-proxy-hint = Only what this kind of proxy says itself is believed.
auth-tool-proxy-invalid = Choose a proxy.
auth-tool-hosts = Hosts
auth-tool-hosts-hint = One a line, such as grafana.example.org, with a port where it is not the usual one. No wildcards.
auth-tool-hosts-invalid = Name one host a line, such as grafana.example.org, at least one and at most 50.
auth-tool-access = Access
auth-tool-who = Open to
auth-tool-role = Role
auth-tool-everyone = Everybody who is signed in
auth-tool-users = Members (role user)
auth-tool-admins = Administrators
auth-tool-groups = Groups
auth-tool-groups-hint = One a line. Members of nested groups count.
auth-tool-groups-invalid = Name at most 50 groups of at most 100 characters.
auth-tool-asked = Proxy asked last
auth-tool-test = Test it
auth-tool-test-in = You would be let in, as Remote-User: { $user } and Remote-Groups: { $groups }.
auth-tool-test-out = { $user } would be refused: nothing below lets this person in.
auth-tool-test-silent = No proxy has asked about this tool yet. Copy the configuration below and reload the proxy.
auth-tool-test-heard = The proxy asks as it should.
auth-tool-test-unsaid = A proxy asked without saying about which request. Add its address to the trusted proxies under Settings, Gateway, and compare its configuration with the one below.
auth-tool-test-foreign = A proxy asked about an address that is not among the hosts of this tool, or about one without https.
auth-tool-setup = Configuration of the proxy
auth-tool-setup-text = Copy it, put in where your tool listens, and reload the proxy. Its address must be among the trusted proxies under Settings, Gateway.
auth-device-title = Connect a program
auth-device-text = A program that waits on another screen shows a code of eight letters.
auth-device-warning = Go on only if you started this yourself, a moment ago. Nobody who asks you to enter a code by phone, chat or mail means well.
auth-device-code = Code
auth-device-code-hint = Such as WDJB-MJHT. Capitals and the hyphen do not matter.
auth-device-continue = Continue
auth-device-unknown-code = No program waits with this code. Compare it with the screen; after ten minutes it needs a new one.
auth-device-limited = { $count ->
    [one] Too many wrong codes. Wait a minute, then try again.
   *[other] Too many wrong codes. Wait { $count } minutes, then try again.
}
auth-device-confirm-title = Let this program act for you?
auth-device-elsewhere = It asks from another network than the one you are in. That is right only if it runs on a machine elsewhere that you are working on.
auth-device-host = Says it runs on
auth-device-address = Asks from
auth-device-asked = Since
auth-device-for = Acts for
auth-device-unverified = The names come from the program itself, nobody checked them. It gets a key that does what the scopes name and never reaches your password, sessions or other keys. You can end it at any time.
auth-device-approve = Approve
auth-device-deny = Deny
auth-device-approved = “{ $name }” may act for you. The program goes on by itself within seconds; then its key is in this list.
auth-device-denied = “{ $name }” got nothing.
auth-limited-mail = If this is your account, a mail with a way in may be waiting for you.
auth-way-in-title = Sign in after all
auth-way-in-text = Somebody entered wrong passwords for your account too often. Go on in this browser, and they are no longer in your way.
auth-way-in-submit = Go on to sign in
auth-mail-way-in-heading = Sign-ins with your name are held back
auth-mail-way-in-intro = There were too many wrong passwords for your account { $username }. Sign-ins from browsers that are not known yet have to wait for a while. Nothing was opened. This one was held back:
auth-mail-way-in-you = If it was you, open this link in the browser in which you want to sign in. Your password, and your second factor if you have one, are asked for as ever.
auth-mail-way-in-button = Sign in after all
auth-mail-way-in-note = The link works once, within { $minutes } minutes. If it was not you, you need do nothing: browsers in which you signed in before work as ever.
auth-explain-person = What this person has
auth-person-held-back = { $count ->
    [one] After too many wrong attempts, sign-ins of this person from unknown browsers, or their second factor, have to wait for a minute.
   *[other] After too many wrong attempts, sign-ins of this person from unknown browsers, or their second factor, have to wait for { $count } minutes.
}
auth-person-unlock = Unlock
auth-person-unlock-text = Wrong passwords and codes of { $name } so far are forgotten, and new ones can be tried. Make sure that it is { $name } who asks.
auth-person-unlocked = Wrong attempts are forgotten.
auth-person-require-title = Require this of { $name } now?
auth-person-require-sessions = { $count ->
    [0] This person is signed in nowhere at this moment.
    [one] This person is signed in in one browser. If less was proven there, that session ends at once.
   *[other] This person is signed in in { $count } browsers. Sessions in which less was proven end at once.
}
auth-person-require-has = At the next sign-in the second factor they have is asked for. If it is not strong enough for what you chose, they have to set up one that is.
auth-person-require-has-not = They have no second factor yet. They set one up at the next sign-in and do not get in without.
auth-totp-needs-password = First choose a password of at least 15 characters here: it would be your only factor. Then remove the one-time passwords.
auth-break-glass-print = Print
auth-register = Ask for an account
