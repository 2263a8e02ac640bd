accounts-archive = Archive of data
accounts-archive-text = Everything that is kept of you here, in one file: your profile and groups, how you sign in and from where, what you were told, and what was done by and to you. Passwords, keys and other secrets are not in it.
accounts-archive-of = Everything that is kept of { $name }, in one file. Only you can open it; that you asked and opened it is in the audit trail.
accounts-archive-hint = Collecting takes a moment; you are told when it is ready. It is kept for 7 days.
accounts-archive-ask = Make an archive
accounts-archive-asked = The archive is being made. You are told when it is ready.
accounts-archive-under-way = An archive is being made already.
accounts-archive-too-many = No more than 20 archives a day can be made. Try again tomorrow.
accounts-archive-look = Look again
accounts-archive-open = Download
accounts-archive-until = It is kept until
accounts-archive-collecting = Being made
accounts-archive-ready = Ready
accounts-archive-failed = Could not be made
accounts-archive-progress = Services that have told what they keep
accounts-archive-part-waiting = Is asked
accounts-archive-part-again = Did not answer, is asked again
accounts-archive-part-done = Done
accounts-archive-part-failed = Did not answer, or told too much
accounts-archive-readme =
    This archive holds everything that is kept of the person { $person }, as of { $at }.

    Each folder is a part of the platform, each file a list of records in JSON. Times are UTC.
    Passwords, keys and other secrets are not among it: they are kept in a form that cannot be read back, or sealed.
accounts-archive-readme-accounts = profile, mail addresses, declared fields, groups, invitations, what was done by and to the person
accounts-archive-readme-auth = sign-in: sessions, browsers, keys, what there is to sign in with, attempts of the last 90 days
accounts-archive-readme-notifications = what the person was told, and mail to them
accounts-archive-readme-settings = settings of the platform that the person changed
