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
auth-password-old = Current password
auth-password-new = New password
auth-password-missing = Enter your password.
auth-password-wrong = This is not your password. Check Caps Lock and try again.
auth-password-hint = At least 8 characters. A few random words make a good password.
auth-password-too-short = Use at least 8 characters.
auth-password-too-long = Use at most 128 characters.
auth-password-common = This is one of the first passwords anybody would try. Choose another one.
auth-password-personal = Choose a password without your name, your address or the name of this product.
auth-password-same = This is your current password. Choose another one.
auth-refused = Username and password do not match. Check both and try again.
auth-limited = { $count ->
    [one] Too many attempts. Try again in a minute.
   *[other] Too many attempts. Try again in { $count } minutes.
}
auth-busy = Many people are signing in at this moment. Try again in a few seconds.
auth-stale = This page was open for too long. Nothing was lost: send the form again.
auth-forgotten = Forgot your password? An administrator can give you a link to set a new one.
auth-not-set-up-title = There is no administrator yet
auth-not-set-up = Open the set-up link that was printed on the terminal when the platform started.
auth-confirm = Confirm
auth-sudo-title = Confirm that it is you
auth-sudo-text = What comes next matters, and you signed in a while ago. Enter your password to go on.
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
