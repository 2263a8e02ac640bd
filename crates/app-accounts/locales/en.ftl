accounts-profile = Profile
accounts-people = People
accounts-groups = Groups
accounts-audit = Audit
accounts-name = Name
accounts-username = User name
accounts-username-hint = 2 to 64 letters, digits, dots and dashes; for signing in
accounts-email = Mail address
accounts-title = Job title
accounts-department = Department
accounts-phone = Telephone
accounts-given-name = First names
accounts-family-name = Last names
accounts-full-name = Full name
accounts-phone-hint = With its country code, such as +49 30 123456, or an extension within the house
accounts-manager = Manager
accounts-manager-below = Nobody reports to themselves or to somebody below them. Choose somebody else.
accounts-organisation = Who reports to whom
accounts-organisation-none = Nobody reports to anybody yet
accounts-organisation-none-hint = Administrators say on the page of a person whom they report to.
accounts-reports = Reports
accounts-reports-to = Reports to
accounts-reports-none = Nobody reports to this person
accounts-custom = More
accounts-fields = Fields
accounts-grants = Shared things
accounts-fields-none = No fields yet
accounts-fields-none-hint = Declare what your organisation wants to know of people besides name, title and telephone.
accounts-fields-full = There are as many fields as there may be. Delete one first.
accounts-field-new = New field
accounts-field-declare = Declare field
accounts-field-label = Field
accounts-field-label-en = Label
accounts-field-label-de = Label in German
accounts-field-label-de-hint = Empty: the other label is shown in German, too.
accounts-field-name = Name for programs
accounts-field-name-hint = Small letters, digits and underscores, such as shirt_size. It never changes.
accounts-field-name-taken = Another field has this name, perhaps a retired one.
accounts-field-kind = Kind
accounts-field-text = Text
accounts-field-number = Number
accounts-field-date = Date
accounts-field-choice = Choice
accounts-field-yes-no = Yes or no
accounts-field-link = Link
accounts-field-link-hint = An address that begins with https:// or http://
accounts-field-choices = Answers to choose from
accounts-field-choices-hint = One a line, at most 50. Only fields of the kind choice have some.
accounts-field-visible = Seen by
accounts-field-to-everyone = Every member
accounts-field-to-person = The person and administrators
accounts-field-to-administrators = Administrators
accounts-field-edited = Changed by
accounts-field-by-person = The person and administrators
accounts-field-by-administrators = Administrators
accounts-field-unseen = The person cannot change what only administrators see. Choose one or the other.
accounts-field-position = Place
accounts-field-position-hint = A number from 0 to 9999; the lowest comes first.
accounts-field-none = Nothing chosen
accounts-field-retire = Retire
accounts-field-retired = Retired
accounts-field-retired-until = Nobody sees this field. It is deleted with all its values
accounts-field-delete-text = The field is deleted with what it holds of everybody. This cannot be undone. To keep the values for 30 days, retire it instead.
accounts-field-not-confirmed = The name did not match. The field was not deleted.
accounts-yes = Yes
accounts-account-hint = Administrators keep this.
accounts-zone = Time zone
accounts-zone-hint = Times are shown in this zone. Leave it empty for UTC.
accounts-role = Role
accounts-role-user = Member
accounts-role-user-hint = Uses the apps of the organisation
accounts-role-guest = Guest
accounts-role-guest-hint = Sees only what is shared with them
accounts-role-admin = Administrator
accounts-role-admin-hint = Manages people, settings and logs
accounts-state = State
accounts-state-invited = Invited
accounts-state-active = Active
accounts-state-suspended = Suspended
accounts-state-expired = Expired
accounts-state-deleted = In the trash
accounts-added = Added
accounts-about = About
accounts-account = Account
accounts-saved = Saved.
accounts-unchanged = Nothing was changed.
accounts-avatar = Picture
accounts-avatar-choose = New picture
accounts-avatar-hint = PNG, JPEG or WebP, up to 5 MB. It is cut to a square.
accounts-avatar-upload = Upload
accounts-avatar-remove = Remove picture
accounts-avatar-saved = Your picture was changed.
accounts-avatar-removed = Your picture was removed.
accounts-avatar-missing = Choose a picture first.
accounts-avatar-too-large = The picture is larger than 5 MB. Choose a smaller one.
accounts-avatar-kind = This is not a PNG, JPEG or WebP picture.
accounts-avatar-damaged = The picture cannot be read. Try another one.
accounts-find = Find people
accounts-find-hint = Name, job title, department or mail address
accounts-nobody = Nobody found
accounts-nobody-hint = Try a part of the name or of the mail address.
accounts-invite = Invite somebody
accounts-invite-send = Create invitation
accounts-invited = { $name } is invited
accounts-link = Invitation link
accounts-link-once = This link is shown only once. Copy it now.
accounts-link-give = Pass this link on to { $name }. Whoever opens it first can set the password.
accounts-link-expires = The link expires
accounts-done = Done
accounts-open-person = Open person
accounts-reset = Reset the password
accounts-new-link = New invitation link
accounts-not-invited = This person has a password already and needs no invitation.
accounts-username-taken = Another person has this user name. Choose another one.
accounts-email-taken = Another person has this mail address.
accounts-last-administrator = This is the last active administrator. Make somebody else an administrator first.
accounts-oneself = You cannot change your own role or access. Ask another administrator.
accounts-stale = Somebody changed this person in the meantime. Reload the page and try again.
accounts-not-accepted = The invitation is not accepted yet. Create a new link instead.
accounts-in-trash = This person is in the trash. Restore them first.
accounts-trash = Delete
accounts-trash-text = { $name } is signed out everywhere, cannot sign in again and disappears from every list. For 30 days you can restore them.
accounts-trash-until = In the trash. Deleted for good
accounts-trashed = The person is in the trash.
accounts-restore = Restore
accounts-restored = The person is back.
accounts-purge = Delete for good
accounts-purge-text = Everything that is kept of this person is deleted in every service. This cannot be undone.
accounts-purge-name = To delete for good, type the user name { $name }.
accounts-purged = The person is deleted. The other services are told to forget them.
accounts-purges = Deleted for good
accounts-purges-text = The trash deletes people for good after 30 days. Each service that keeps something of them confirms that it has forgotten them; one that is away does so when it is back.
accounts-purges-none = Nobody has been deleted for good
accounts-forgotten-by = Forgotten by
accounts-person-id = Person
accounts-undo-late = There is nothing left to undo. After an hour, open the people themselves.
accounts-ends-on = Last day
accounts-ends-on-hint = After this day (UTC) the person has no access any more. Empty: for as long as the role lasts.
accounts-end-passed = This day is over already. Choose a later one, or none.
accounts-administrator-ends = Administrators have no last day. Leave it empty, or choose another role.
accounts-enable = Give access
accounts-enabled = The person has access again.
accounts-disable = Take away access
accounts-disabled = The person has no access any more.
accounts-disable-text = { $name } is signed out everywhere and cannot sign in again. You can undo this.
accounts-bulk-done = Changed: { $done }. Refused: { $refused }.
accounts-no-groups = In no group.
accounts-sessions = Signed in at
accounts-no-sessions = Signed in nowhere
accounts-sessions-away = Sign-in does not answer right now
accounts-device = Device
accounts-device-unknown = Unknown device
accounts-address = Address
accounts-last-seen = Last used
accounts-end-session = Sign out
accounts-end-all = Sign out everywhere
accounts-history = History
accounts-no-history = Nothing has happened yet
accounts-when = When
accounts-who = Who
accounts-what = What
accounts-whom = Whom
accounts-changes = Changes
accounts-refused = Refused
accounts-outcome-done = Done
accounts-days = { $count ->
    [one] Last day
   *[other] Last { $count } days
}
accounts-export = Export
accounts-activity = Activity
accounts-group = Group
accounts-description = Description
accounts-groups-inside = Groups in it
accounts-groups-none = No groups yet
accounts-groups-none-hint = Groups bring people together whom apps treat alike.
accounts-people-or-more = { $count } or more
accounts-group-new = New group
accounts-group-create = Create group
accounts-group-created = The group was created.
accounts-group-name-taken = Another group has this name.
accounts-group-delete = Delete group
accounts-group-delete-text = The group is gone for good. Its members stay what they are, but lose what the group gave them.
accounts-group-deleted = The group was deleted.
accounts-group-not-confirmed = The name did not match. The group was not deleted.
accounts-group-cycle = This group would end up inside itself.
accounts-members = Members
accounts-member-person = Person
accounts-member-person-hint = User name or mail address
accounts-member-group = Group
accounts-member-add = Add
accounts-member-remove = Remove
accounts-member-added = Added to the group.
accounts-member-removed = Removed from the group.
accounts-member-there = Was in the group already.
accounts-member-unknown = Nobody was found by this name. Choose from the list.
accounts-group-tab = Group
accounts-everybody = Everybody in it
accounts-group-stale = Somebody changed this group in the meantime. Reload the page and try again.
accounts-members-none = Nobody is in this group yet
accounts-members-none-hint = Add people or other groups below.
accounts-member-add-person = Add a person
accounts-member-add-group = Add a group
accounts-member-put-back = Put back into the group.
accounts-member-gone = This membership is no longer there.
accounts-member-remove-from = Remove from the group
accounts-until = Until
accounts-end = End of the membership
accounts-end-change = Change end
accounts-end-none = No end
accounts-end-hint = Leave it empty for a membership without an end. Time zone: { $zone }.
accounts-end-past = This lies in the past. Choose a later time, or remove the membership.
accounts-direct = Directly
accounts-indirect = Through another group
accounts-through = Through
accounts-why = Why?
accounts-why-title = Why { $person } is in { $group }
accounts-why-not = { $person } is not in { $group }
accounts-why-more = There are more ways. The shortest are shown.
accounts-inner-title = { $inner } in { $outer }
accounts-joining = Joining
accounts-joining-closed = Closed
accounts-joining-closed-hint = Managers and administrators choose the members
accounts-joining-request = On request
accounts-joining-request-hint = People ask, and a manager or an administrator decides
accounts-joining-open = Open
accounts-joining-open-hint = People come and go by themselves
accounts-managers = Managers
accounts-managers-hint = They add and remove members, decide on requests and change the description.
accounts-managers-none = Only administrators manage this group.
accounts-manager-person = Person who manages it
accounts-manager-group = Group whose members manage it
accounts-manager-add = Make manager
accounts-manager-added = They manage this group now.
accounts-manager-removed = They manage this group no more.
accounts-requests = Requests
accounts-requests-mine = My requests
accounts-request-note = What you want to say about it
accounts-request-reason = Reason
accounts-request-reason-hint = The person reads it when you deny the request.
accounts-request-approve = Let in
accounts-request-deny = Deny
accounts-request-approved = The person is in the group now.
accounts-request-denied = The request was denied, and the person is told.
accounts-request-decided = This request was decided or withdrawn already.
accounts-request-state-open = Waits for a decision
accounts-request-state-approved = Approved
accounts-request-state-denied = Denied
accounts-request-state-withdrawn = Withdrawn
accounts-groups-managed = Groups you manage
accounts-groups-mine = Groups you are in
accounts-groups-mine-none = You are in no group
accounts-groups-joinable = Groups you may join
accounts-groups-joinable-none = There is no other group to join
accounts-join = Join
accounts-joined = You are in the group now.
accounts-leave = Leave
accounts-left = You left the group.
accounts-ask = Ask to join
accounts-asked = Your request was sent. You are told what is decided.
accounts-withdraw = Withdraw
accounts-withdrawn = Your request was withdrawn.
accounts-group-closed = This group does not allow it. Ask one of its managers or an administrator.
accounts-addresses = Mail addresses
accounts-addresses-yours = Your mail addresses
accounts-addresses-change = Change
accounts-addresses-hint = Mail from this platform goes to the primary address. You sign in with it, too.
accounts-addresses-admin-hint = Mail goes to the primary address, and the person signs in with it. Addresses that you add are not confirmed.
accounts-address-primary = Primary
accounts-address-verified = Confirmed
accounts-address-unverified = Not confirmed
accounts-address-waiting = Waits for confirmation
accounts-address-add = Add an address
accounts-address-add-hint = You get a mail with a link there. The address is yours once you follow it.
accounts-address-add-primary = Send mail there from now on
accounts-address-yours = You have confirmed this address already.
accounts-address-confirmed = { $address } is confirmed.
accounts-address-taken = { $address } belongs to another person.
accounts-address-removed = The address was removed.
accounts-address-gone = This address is no longer there.
accounts-address-unconfirmed = Confirm this address first: mail may not reach you there.
accounts-address-is-primary = Mail goes to this address. Make another one the primary address first.
accounts-make-primary = Make primary
accounts-primary-changed = Mail goes to this address from now on. The former one is told.
accounts-link-send = Send a link
accounts-link-again = Send again
accounts-link-sent = A link was sent to { $address }. It works for 24 hours.
accounts-link-no-server = No mail can be sent: no mail server is set up. Ask an administrator.
accounts-link-away = No mail could be sent just now. Try again in a moment.
accounts-confirm-address = Confirm address
accounts-confirm-text = { $address } is to be one of your mail addresses.
accounts-confirm-dead = This link does not work
accounts-confirm-dead-hint = It was used, is older than 24 hours, or belongs to another account than the one you are signed in with.
accounts-mail-confirm-heading = Confirm your mail address
accounts-mail-confirm-intro = { $name } says that this mail address is theirs. If that is you, confirm it.
accounts-mail-confirm-note = The link works once, for 24 hours, where you are signed in. If this is not you, do nothing: the address stays free.
accounts-mail-former-heading = Your mail goes to another address
accounts-mail-former-intro = Mail about your account goes to another address from now on.
accounts-mail-former-not-me = If this should not be so, tell an administrator at once.
accounts-unfit-empty = Fill in this field.
accounts-unfit-too-long = This is too long. Shorten it.
accounts-unfit-character = This holds a character that is not allowed here.
accounts-unfit-form = This does not have the right form. Check it.
accounts-sessions-ended = { $count ->
    [one] { $count } session was ended.
   *[other] { $count } sessions were ended.
}
accounts-requests-open = { $count ->
    [one] { $count } request
   *[other] { $count } requests
}
accounts-links-limited = { $count ->
    [one] Too many links were sent. Try again in a minute.
   *[other] Too many links were sent. Try again in { $count } minutes.
}
accounts-addresses-full = { $count ->
    [one] A person has at most one address.
   *[other] A person has at most { $count } addresses. Remove one first.
}
accounts-reports-count = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
accounts-reports-more = { $count ->
    [one] Show { $count } more
   *[other] Show { $count } more
}
accounts-invitation = Invitation
accounts-invitations = Open invitations
accounts-invited-at = Invited
accounts-invited-by = Invited by
accounts-groups-hint = Names of groups, one a line. Empty: none for now.
accounts-groups-until = In these groups until
accounts-groups-unknown = There is no group called { $names }. Correct the name, or create the group first.
accounts-groups-gone = One of these groups was deleted meanwhile. Check the names.
accounts-delivery = How the link gets there
accounts-delivery-mail = Send it by mail
accounts-delivery-mail-hint = The person gets a mail with the link and your message.
accounts-delivery-no-mail = No mail can be sent: no mail server is set up. Set one up in the settings, or pass on the link yourself.
accounts-delivery-link = Show it to me
accounts-delivery-link-hint = You see the link once and pass it on yourself.
accounts-message = Message
accounts-message-hint = Plain text for the mail, at most 1000 characters. Empty: none.
accounts-lasts = The link works
accounts-invitation-sending = The invitation is on its way to { $address }.
accounts-resend = Send a new link
accounts-revoke = Revoke
accounts-stage-new = No link yet
accounts-stage-sending = Being sent
accounts-stage-sent = Sent
accounts-stage-unsent = Not sent
accounts-stage-shown = Link passed on
accounts-stage-expired = Link expired
accounts-stage-revoked = Revoked
accounts-mail-invitation-heading = You are invited to { $organisation }
accounts-mail-invitation-intro = { $inviter } invites you to { $organisation }.
accounts-mail-invitation-intro-nobody = You are invited to { $organisation }.
accounts-mail-invitation-username = Your user name is { $username }. Choose a password, and you are in.
accounts-mail-invitation-button = Accept the invitation
accounts-mail-invitation-note = The link works once, until { $until }, and only the last one you got. If you expected no invitation, do nothing.
accounts-lasts-days = { $count ->
    [one] for { $count } day
   *[other] for { $count } days
}
accounts-invitations-resent = { $count ->
    [one] A new link is on its way. Once it is there, the former one works no more.
   *[other] { $count } new links are on their way. Once they are there, the former ones work no more.
}
accounts-invitations-revoked = { $count ->
    [one] The invitation is revoked. The person is in the trash.
   *[other] { $count } invitations are revoked. The people are in the trash.
}
accounts-delivery-later = Write to nobody yet
accounts-delivery-later-hint = Send the links later from the open invitations.
accounts-import = Import
accounts-imports = Import people
accounts-imports-recent = Recent imports
accounts-imports-full = There are as many imports as are kept. Delete one first.
accounts-import-new = New import
accounts-import-hint = A table with one person a row and headings in its first row. Nothing happens before you have seen what would come of each row.
accounts-import-file = File
accounts-import-file-hint = CSV in UTF-8 with commas, semicolons or tabs; at most 10,000 rows and 2 MiB
accounts-import-text = Or paste the table
accounts-import-text-hint = As copied from a spreadsheet
accounts-import-next = Next: columns
accounts-import-empty = There is no row below the headings. Choose a file, or paste a table with headings.
accounts-import-cut-off = The upload broke off on its way. Nothing was kept: send it again.
accounts-import-too-large = This is larger than 2 MiB. Split it and import the parts one after the other.
accounts-import-too-many-rows = These are more than 10,000 rows. Split the table and import the parts one after the other.
accounts-import-too-many-columns = These are more than 60 columns. Remove those that are not needed.
accounts-import-not-text = This is not text in UTF-8. Save it in your spreadsheet as “CSV UTF-8” and try again.
accounts-import-pasted = Pasted table
accounts-import-delete = Delete import
accounts-import-deleted = The import is deleted. The people it added stay.
accounts-import-columns = What the columns hold
accounts-import-columns-hint = Guessed from the headings. Change what is wrong.
accounts-import-ignored = Nothing that is needed
accounts-import-no-email = Say which column holds the mail address: without one nobody can be invited.
accounts-import-column-twice = Two columns are said to hold “{ $name }”. Choose it for one of them.
accounts-import-everybody = What holds for everybody
accounts-import-everybody-hint = A row that says something else about role or last day wins; its groups come on top.
accounts-import-check = Check all rows
accounts-import-rows = Rows
accounts-import-line = Line
accounts-import-who = Who
accounts-import-result = Result
accounts-import-ready = Ready
accounts-import-added = Added
accounts-import-known = There already
accounts-import-bad = Cannot be imported
accounts-import-begin = Import
accounts-import-bad-rows = Rows that cannot be imported
accounts-import-all = All or nothing
accounts-import-all-hint = Nobody is imported while any row cannot be.
accounts-import-skip = Leave them out
accounts-import-skip-hint = All others are imported. You can download those left out.
accounts-import-has-bad = Some rows cannot be imported. Correct the file and upload it again, or leave them out.
accounts-import-nobody-new = No row adds anybody. Look at the results above.
accounts-import-not-now = The import runs or has run already, or its columns changed. Look at it as it is now.
accounts-import-draft = Columns to be checked
accounts-import-checked = Checked
accounts-import-running = Running
accounts-import-running-hint = You can leave this page: the import goes on.
accounts-import-of = { $done } of { $total }
accounts-import-done = Done
accounts-import-done-text = The import is done. Below is what came of each row.
accounts-import-refused = Nobody imported
accounts-import-refused-text = Nobody was imported: since the check some rows cannot be imported any more. They are listed below.
accounts-import-failed = Failed
accounts-import-failed-text = The import could not be finished, and nobody was imported. Check all rows and try again.
accounts-import-too-many-cells = The row has more cells than there are headings. Put quotes around cells that hold the separator.
accounts-import-role = This is no role. Write user, guest or admin, or leave it empty.
accounts-import-day = This is no day. Write it as 2030-12-31 or 31.12.2030, or leave it empty.
accounts-import-twice = Line { $line } has the same. Keep one of the two.
accounts-import-in-trash = Somebody in the trash has this address. Restore them, or forget them for good first.
accounts-import-no-manager = Nobody here has this sign-in name or address: { $names }. Import managers first, or leave it empty.
accounts-import-no-field = This field is declared no more. Choose another for the column, or none.
accounts-import-no-sponsor = Nobody here can answer for guests by this sign-in name or address: { $names }. It has to be an active member.
accounts-import-sponsor-of-guests = Only guests have somebody who answers for them. Leave it empty, or make the person a guest.
accounts-import-no-username = No user name can be made of this address. Add a column with user names.
accounts-import-run = { $count ->
    [one] Import { $count } person
   *[other] Import { $count } people
}
accounts-register = Ask for an account
accounts-register-name = Your name
accounts-register-email-hint = You get a mail there with a link to follow.
accounts-register-note = About you
accounts-register-note-hint = Who you are and what you need the account for. Administrators read it.
accounts-register-send = Send me the link
accounts-register-sign-in = To the sign-in
accounts-register-again = Ask again
accounts-register-sent = If this address can be used, a mail is on its way there. Follow the link in it within 24 hours.
accounts-register-domain = Addresses of this domain are not let in. Use the address of your organisation, or ask an administrator for an invitation.
accounts-register-dead = This link does not work: it was used already, or is older than 24 hours. Ask again.
accounts-register-confirm = Confirm my address
accounts-register-confirm-text = An account was asked for with { $address }. Confirm that this is your address.
accounts-register-waits = Thank you. An administrator looks at your request; you get a mail with the answer.
accounts-register-known = Somebody has this address already. Sign in, or have your password reset.
accounts-account-requests = Account requests
accounts-account-requests-none = Nobody waits
accounts-account-requests-none-hint = Whether strangers may ask for an account is a setting of the organisation.
accounts-account-approved = The person is invited and gets a mail with a link.
accounts-account-denied = The request is denied, and the person is told by mail.
accounts-account-reason-hint = For denying: the person reads it in the mail. May be empty.
accounts-request-late = Somebody decided on this request already.
accounts-mail-register-heading = Your request for an account
accounts-mail-register-intro = An account was asked for with this mail address. If this was you, confirm your address.
accounts-mail-register-known = An account was asked for with this mail address. It belongs to an account already, or a request for it is being looked at. If you forgot your password, you can have it reset from the sign-in page.
accounts-mail-register-sign-in = To the sign-in
accounts-mail-register-note = The link works for 24 hours. If this was not you, do nothing.
accounts-mail-denied-heading = Your request for an account
accounts-mail-denied-intro = { $organisation } has not accepted your request for an account.
accounts-account-requests-count = { $count ->
    [0] Account requests
    [one] { $count } account request
   *[other] { $count } account requests
}
accounts-register-mailed = You are in. A mail with a link to set your password is on its way.
accounts-account-requests-decide = { $count ->
    [one] Decide on { $count } request
   *[other] Decide on { $count } requests
}
accounts-sponsor = Answers for the guest
accounts-sponsor-name = Who answers for the guest
accounts-sponsor-hint = Only for guests: a member who invited them or works with them. They are reminded before the guest's account ends.
accounts-sponsor-none = Nobody
accounts-sponsor-unfit = Choose somebody who has access and is no guest.
accounts-sponsor-not-guest = Only guests have somebody who answers for them.
accounts-sponsor-left = This person cannot answer for the guest any more. Name somebody else.
accounts-sponsor-missing = Nobody answers for this guest. Name somebody.
accounts-guests = Guests
accounts-guests-of = Answers for these guests
accounts-guests-none-moved = That person answers for no guests.
accounts-guests-moved = { $count ->
    [one] { $count } guest was handed over.
   *[other] { $count } guests were handed over.
}
accounts-guests-alone = { $count ->
    [one] Nobody answers for { $count } guest
   *[other] Nobody answers for { $count } guests
}
accounts-hand-over = Hand guests over
accounts-hand-over-hint = When somebody leaves: somebody else answers for all of their guests.
accounts-hand-over-from = From
accounts-hand-over-to = To
accounts-my-guests = Your guests
accounts-my-guests-hint = You answer for them. When one leaves, tell an administrator.
accounts-life-cycle = Life cycle
accounts-cycle-run = Run of the life cycle
accounts-cycle-run-now = Run now
accounts-cycle-begun = A run has begun. Its result is in the list in a moment.
accounts-cycle-under-way = A run is under way already.
accounts-cycle-settings = Settings
accounts-cycle-terms = How long accounts last
accounts-cycle-grace-term = From the end to the trash
accounts-cycle-for-ever = For ever
accounts-cycle-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
accounts-cycle-due = End within 30 days
accounts-cycle-due-none = Nobody's account ends within 30 days
accounts-cycle-due-all = { $count ->
    [one] { $count } account ends within 30 days
   *[other] { $count } accounts end within 30 days
}
accounts-cycle-why = Reason
accounts-cycle-what = What was done
accounts-cycle-runs = Runs
accounts-cycle-runs-none = There was no run yet
accounts-cycle-begun-by = Begun by
accounts-cycle-schedule = Schedule
accounts-cycle-unfinished = Not finished
accounts-cycle-steps = What was done
accounts-cycle-steps-none = There was nothing to do
accounts-cycle-reminded = Reminded
accounts-cycle-expired = Expired
accounts-cycle-trashed = Put into the trash
accounts-cycle-refused = Refused
accounts-cycle-own-end = Last day chosen for the person
accounts-cycle-end-of-kind = Days of the role
accounts-cycle-grace = The time after the end is over
accounts-cycle-within-30 = Ends within 30 days
accounts-cycle-within-7 = Ends within 7 days
accounts-cycle-administrator = Administrators have no end
accounts-cycle-last-administrator = Nobody would be left to administer the platform
accounts-cycle-kind-until = Ends on { $day } by the role
accounts-seen = Last seen
accounts-seen-never = Never
accounts-dormant = Not seen
accounts-dormant-for = { $count ->
    [one] for { $count } day
   *[other] for { $count } days
}
accounts-dormant-accounts = Dormant accounts
accounts-dormant-report = Report
accounts-dormant-count = { $count ->
    [0] Everybody active was seen within { $days } days.
    [one] { $count } active person was not seen for { $days } days.
   *[other] { $count } active people were not seen for { $days } days.
}
accounts-dormant-none = Nobody is away for so long
accounts-dormant-days = Days
accounts-dormant-hint = Active people whom nobody has seen for so long, by a browser or by a key of theirs. Who never signed in is counted from the day they were added. Nothing happens to them by itself.
accounts-dormant-known = Who was here is known up to
accounts-dormant-known-old = Sign-in security has not answered since. Who was here later is missing from this report.
accounts-dormant-known-not = Sign-in security has not told yet who was here. Until it has, everybody is counted from the day they were added.
accounts-dormant-act = Choose, and take away access
accounts-webhooks = Webhooks
accounts-webhooks-none = Nobody is told yet
accounts-webhooks-none-hint = A webhook is an address of another system that is told when people come, change places or go.
accounts-webhooks-full = There can be no more than 20 webhooks. Delete one first.
accounts-webhook-new = New webhook
accounts-webhook-declare = Declare webhook
accounts-webhook-settings = Settings
accounts-webhook-url = Address
accounts-webhook-url-hint = It gets a signed POST with JSON, as the Standard Webhooks specification has it, and is to answer within 15 seconds with a status of 200 to 299. Redirects are not followed.
accounts-webhook-url-form = This is not an address that begins with https://.
accounts-webhook-url-plain = Without TLS only this machine can be written to. Begin the address with https://.
accounts-webhook-url-credentials = An address with a user name or password does not do. What is sent is signed.
accounts-webhook-url-unreachable = Webhooks may not reach this address. A setting allows private networks.
accounts-webhook-name-taken = Another webhook has this name.
accounts-webhook-events = Told of
accounts-webhook-events-none = Choose at least one.
accounts-webhook-event = Event
accounts-webhook-joined = People who come
accounts-webhook-joined-hint = person.joined: somebody was added, or has access again.
accounts-webhook-moved = People who change places
accounts-webhook-moved-hint = person.moved: department, title, manager or groups of somebody changed.
accounts-webhook-left = People who go
accounts-webhook-left-hint = person.left: somebody was suspended, expired, was put into the trash or is gone for good.
accounts-webhook-test = Test
accounts-webhook-on = On
accounts-webhook-failing = Does not answer
accounts-webhook-off = Off
accounts-webhook-off-failing = Off: nothing arrived for days
accounts-webhook-off-gone = Off: answered that it is gone
accounts-webhook-failing-since = Does not answer since
accounts-webhook-arrived = Last arrived
accounts-webhook-try = Send a test event
accounts-webhook-tested = A test event is on its way. What is answered is in the list in a moment.
accounts-webhook-switch-on = Switch on
accounts-webhook-switch-off = Switch off
accounts-webhook-switched-on = The webhook is on.
accounts-webhook-switched-off = The webhook is off. What happens meanwhile is not told later.
accounts-webhook-roll = New secret
accounts-webhook-roll-text = The present secret goes on signing for 24 hours, beside the new one.
accounts-webhook-delete = Delete webhook
accounts-webhook-delete-text = What was not sent yet is not sent any more.
accounts-webhook-deleted = The webhook is deleted.
accounts-webhook-not-confirmed = The name does not match: nothing was deleted.
accounts-webhook-secret = Secret
accounts-webhook-secret-once = This secret is shown once. Give it to the system that is told.
accounts-webhook-secret-hint = With it the system checks the header webhook-signature. Nobody can look it up here later; a new one can be made at any time.
accounts-webhook-deliveries = Last deliveries
accounts-webhook-deliveries-none = Nothing was sent yet
accounts-webhook-answer = Answer
accounts-webhook-attempts = Attempts
accounts-webhook-waiting = Waiting
accounts-webhook-retrying = Tried again
accounts-webhook-delivered = Arrived
accounts-webhook-failed = Never arrived
accounts-webhook-dropped = Not sent
accounts-webhook-again = Send again
accounts-webhook-sent-again = It is sent again.
accounts-webhook-not-sent-again = It was not sent: the webhook is off, or the delivery is too old.
accounts-webhook-fault-address = The address does not do
accounts-webhook-fault-sealed = The secret cannot be read any more: make a new one
accounts-webhook-fault-unknown-name = Nobody knows this name
accounts-webhook-fault-forbidden = Webhooks may not reach this address
accounts-webhook-fault-refused = Nobody listens there
accounts-webhook-fault-tls = The certificate is not trusted
accounts-webhook-fault-broken = The connection broke off
accounts-webhook-fault-late = No answer within 15 seconds
accounts-extend = Let the account go on
accounts-extend-text = The account of { $name } ends on { $day }.
accounts-extend-until = Let it go on until { $day }
accounts-extended = The account of { $name } goes on until { $day }.
accounts-extend-dead = This link does nothing: it was used already, was sent to somebody else, or the account has another end by now.
accounts-mail-end-heading = Your account ends on { $day }
accounts-mail-end-intro = Your account at { $organisation } ends on { $day }. After that day you cannot sign in.
accounts-mail-end-note = If you need it for longer, ask an administrator, or whoever answers for you.
accounts-mail-end-link-note = The link works once, for you alone, and only until that day.
accounts-mail-guest-end-heading = The account of { $name } ends on { $day }
accounts-mail-guest-end-intro = You answer for the guest { $name } at { $organisation }. Their account ends on { $day }; after that day they cannot sign in.



## Directories
accounts-directories = Directories
accounts-directories-none = No directory yet.
accounts-directories-hint = People and groups can come from an LDAP directory: FreeIPA, OpenLDAP or Active Directory.
accounts-directories-full = There are as many directories as there may be. Delete one first.
accounts-directory-add = Add a directory
accounts-directory-new = New directory
accounts-directory-settings = Settings
accounts-directory-last-run = Last run
accounts-directory-never = Not read yet.
accounts-directory-kind = Kind of directory
accounts-directory-kind-hint = Choosing another begins this form anew, with its filters and attributes.
accounts-directory-server = Server
accounts-directory-name-hint = What it is called here, and in the audit trail.
accounts-directory-name-taken = Another directory has this name. Choose another.
accounts-directory-host = Server name
accounts-directory-host-unfit = Enter a host name or an address, without ldaps:// and without the port.
accounts-directory-port = Port
accounts-directory-port-unfit = Enter a port from 1 to 65535; 636 for TLS, 389 for StartTLS as a rule.
accounts-directory-security = Protection
accounts-directory-security-hint = Without protection only this machine itself may be asked.
accounts-directory-tls = TLS from the start (ldaps)
accounts-directory-starttls = StartTLS
accounts-directory-plain-text = None: this machine only
accounts-directory-plain = Choose TLS or StartTLS; without them only localhost may be asked.
accounts-directory-authority = Certificate authority
accounts-directory-authority-hint = In PEM. If there is one, no other is believed; without one, those that everybody believes.
accounts-directory-authority-unfit = Paste one or more certificates in PEM, each from BEGIN CERTIFICATE to END CERTIFICATE.
accounts-directory-bind = Account that reads
accounts-directory-bind-hint = Its distinguished name. Give it an account that may read and nothing else.
accounts-directory-password = Its password
accounts-directory-password-kept = Leave it empty to keep the password. For another server, authority or account it has to be typed again.
accounts-directory-password-hint = It is not shown again: after a test, type it once more to save it.
accounts-directory-password-missing = Type it once more: it is not shown again, and is kept for this server and account alone.
accounts-directory-what = What is read
accounts-directory-people-base = Base of people
accounts-directory-people-filter = Filter for people
accounts-directory-groups-base = Base of groups
accounts-directory-groups-hint = Empty leaves groups alone.
accounts-directory-groups-filter = Filter for groups
accounts-directory-base-unfit = Enter a distinguished name, such as dc=example,dc=org.
accounts-directory-filter-unfit = The filter cannot be read from character { $place } on. Every condition stands in parentheses: (uid=*)
accounts-directory-every = How often
accounts-directory-every-hint = A locked or expired account loses its access here with the next run.
accounts-directory-every-minutes = { $count ->
    [one] every minute
   *[other] every { $count } minutes
  }
accounts-directory-every-hours = { $count ->
    [one] every hour
   *[other] every { $count } hours
  }
accounts-directory-by-hand = only when somebody asks
accounts-directory-sign-in = Signing in
accounts-directory-sign-in-label = People sign in with their password of the directory
accounts-directory-sign-in-hint = Nobody who comes from it needs an invitation then, and a password kept here does not count for them. Whoever runs the directory can be any of them, administrators included: ask those for a second factor.
accounts-directory-sign-in-on = with the password of the directory
accounts-directory-sign-in-off = with a password that is kept here
accounts-directory-write-back = Write back by FreeIPA's web interface
accounts-directory-write-back-hint = Administrators then change people and groups in FreeIPA from here, as far as the account of the directory may: unlock, switch off and on, temporary passwords, what the directory decides about, members. Whoever signs in with a password that has expired for good chooses another one on the way in. The host above has to be the server's own name.
accounts-directory-web-port = Port of the web interface
accounts-directory-web-port-unfit = Enter a port from 1 to 65535; 443 as a rule.
accounts-freeipa = In FreeIPA
accounts-freeipa-account = Account
accounts-freeipa-enabled = Switched on
accounts-freeipa-disabled = Switched off
accounts-freeipa-lock = Wrong passwords
accounts-freeipa-locked = Locked after too many
accounts-freeipa-not-locked = Not locked
accounts-freeipa-lock-unknown = Not known: the account of the directory may not read it there
accounts-freeipa-password = Password
accounts-freeipa-password-until = Good until
accounts-freeipa-password-over = Over since
accounts-freeipa-password-endless = FreeIPA says no end
accounts-freeipa-unlock = Unlock
accounts-freeipa-unlocked = Unlocked in FreeIPA.
accounts-freeipa-disable = Switch off in FreeIPA
accounts-freeipa-disable-text = { $name } then signs in nowhere that goes by FreeIPA, and has no access here either until the account is switched on again.
accounts-freeipa-was-disabled = Switched off in FreeIPA, and suspended here.
accounts-freeipa-enable = Switch on in FreeIPA
accounts-freeipa-was-enabled = Switched on in FreeIPA. Access that was taken here because of FreeIPA is back.
accounts-freeipa-set = Set a temporary password
accounts-freeipa-set-text = FreeIPA makes a new password up and the one of { $name } stops working at once. It is shown once, good for one sign-in, and has to be changed with it.
accounts-freeipa-password-of = Temporary password of { $name }
accounts-freeipa-temporary = Temporary password
accounts-freeipa-password-once = This password is shown once and kept nowhere. Pass it on now, by a way that nobody else reads.
accounts-freeipa-password-hint = It is good for one sign-in, which asks for another password. If it is lost, set another one.
accounts-freeipa-first = What the directory decides about is changed in FreeIPA first. What FreeIPA refuses stays as it is here, too.
accounts-freeipa-refuses = FreeIPA refuses: { $said }
accounts-freeipa-away = FreeIPA cannot be asked, or gave no answer. Here nothing was changed; look in FreeIPA whether something was, and try again later.
accounts-freeipa-unseen = FreeIPA cannot be asked now, so how the account stands there is not known. Try again later; the log says at which step it failed.
accounts-freeipa-gone = Nobody in FreeIPA has the id any more that this person, or this group, came with. The next run of the directory says what becomes of it.
accounts-freeipa-manager-elsewhere = Choose somebody who comes from the same FreeIPA: it knows nobody else.
accounts-freeipa-add = Add a person
accounts-freeipa-add-hint = The person is added in FreeIPA and comes here with it, as invited and without a password. Set a temporary password on their page next.
accounts-freeipa-added = Added in FreeIPA and here.
accounts-freeipa-there-alone = Added in FreeIPA, but here something is in the way. Run the directory: it says what.
accounts-directory-write-back-account = To write back, the account has to be one that signs in to FreeIPA's web interface: uid=…,cn=users,cn=accounts,… Accounts of the system (cn=sysaccounts) only read.
accounts-directory-attributes = Attributes
accounts-directory-attributes-hint = Which attribute means what. What is empty is not read, and stays as it is here.
accounts-directory-attribute-id = Id that never changes
accounts-directory-attribute-id-hint = By it people and groups are recognised, never by their name or mail address.
accounts-directory-attribute-group-name = Name of a group
accounts-directory-attribute-member = Members of a group
accounts-directory-attribute-unfit = Enter the name of an attribute: letters, digits and hyphens.
accounts-directory-stale = Somebody changed the directory meanwhile. Open the settings again.
accounts-directory-test = Test
accounts-directory-test-result = What came of the test
accounts-directory-step = Step
accounts-directory-result = Result
accounts-directory-passed = Works.
accounts-directory-failed = Failed
accounts-directory-not-tried = Not tried.
accounts-directory-found = { $count ->
    [0] None found.
    [one] One found.
   *[other] { $count } found.
  }
accounts-directory-found-more = The first { $count } found; there are more.
accounts-directory-step-resolve = Look up the name
accounts-directory-step-connect = Connect
accounts-directory-step-secure = Agree on TLS
accounts-directory-step-bind = Sign in
accounts-directory-step-base = Find the bases
accounts-directory-step-people = Read people
accounts-directory-step-groups = Read groups
accounts-directory-why-name-unknown = The name has no address. Check it, and this machine's name servers.
accounts-directory-why-unreachable = Nobody answers there. Check the port, the firewall and whether the server runs.
accounts-directory-why-timed-out = No answer came in time. Check whether the server is overloaded or a firewall swallows packets.
accounts-directory-why-took-too-long = Reading everything took too long. Narrow the bases or the filters.
accounts-directory-why-plain-text = The name does not lead to this machine. Use TLS or StartTLS.
accounts-directory-why-no-starttls = The server does not offer StartTLS. Use TLS at port 636, or set it up there.
accounts-directory-why-unknown-authority = The certificate comes from an authority that is not believed. Add its certificate.
accounts-directory-why-other-host = The certificate is made out to another name. Use that name.
accounts-directory-why-certificate-expired = The certificate is over, or not valid yet. Renew it, and check both clocks.
accounts-directory-why-tls-failed = TLS failed. Check that the port speaks TLS, version 1.2 or later.
accounts-directory-why-empty-password = The account has no password here. Enter it.
accounts-directory-why-wrong-password = The account or its password is wrong.
accounts-directory-why-bind-refused = The server does not let the account in. Check whether it is locked, and what the server demands.
accounts-directory-why-base-missing = There is nothing at this base, or the account may not see it. Check both.
accounts-directory-why-not-permitted = The account may not read this. Permit it there.
accounts-directory-why-truncated = The server cut the answer. Lift its size and time limits for the account.
accounts-directory-why-referral = The server points to another one, which is not followed. Choose a base that it holds itself.
accounts-directory-why-broke-off = The connection ended too early. The next run starts anew.
accounts-directory-why-malformed = What came is not LDAP, or larger than a message may be. Check the address.
accounts-directory-why-refused = The server refused. Its log says more.
accounts-directory-why-endless = The server does not end its answer. Its log says more.
accounts-directory-why-too-many-entries = There are more entries than one read takes. Narrow the bases or the filters.
accounts-directory-why-too-many-members = Groups have more members than one read takes. Narrow the filter for groups.
accounts-directory-why-value-too-long = A value is too long. Shorten it, or map another attribute.
accounts-directory-why-value-unreadable = A value has not the form it should have. Correct it, or map another attribute.
accounts-directory-why-in-pieces = The server hands out the members of a group in pieces, which is not read. Leave the group out by the filter.
accounts-directory-why-missing = An entry lacks an attribute that it needs. Map another, or narrow the filter.
accounts-directory-why-duplicate-id = Two entries have the same id. Map the attribute that is unique, or remove the copy.
accounts-directory-why-internal = Something went wrong here. It is tried again; the log says more.
accounts-directory-why-interrupted = It was interrupted. What it did stays, and the next run goes on.
accounts-directory-why-unfit = The settings do not do any more. Open and save them.
accounts-directory-preview = Preview
accounts-directory-run-now = Run now
accounts-directory-asked = It begins. Reload the page to see what came of it.
accounts-directory-runs-already = A run waits or goes on already.
accounts-directory-not-that = That is not what it would do any more. Look at the page again.
accounts-directory-running-hint = A run goes on. Reload the page to see what came of it.
accounts-directory-delete = Delete
accounts-directory-delete-text = People and groups that came from it stay as they are, and belong to nobody but this platform.
accounts-directory-deleted = The directory was deleted.
accounts-directory-not-confirmed = The name was not typed. Nothing was deleted.
accounts-directory-waits = The last run would take away so much that somebody has to look at it first. Nothing was changed.
accounts-directory-approve = Do exactly this
accounts-directory-discard = Do not
accounts-directory-approved = It is going to be done, if the directory has not changed meanwhile.
accounts-directory-discarded = It is not going to be done.
accounts-directory-would = What it would do
accounts-directory-would-hint = At most 500 of each kind are shown.
accounts-directory-to-suspend = Lose their access
accounts-directory-to-reinstate = Get their access back
accounts-directory-to-create = Are added
accounts-directory-to-update = Change
accounts-directory-to-empty = Groups that are emptied
accounts-directory-to-create-groups = Groups that are added
accounts-directory-to-change-groups = Groups that change
accounts-directory-is-disabled = locked in the directory
accounts-directory-is-expired = the account there is over
accounts-directory-is-gone = not in the directory any more
accounts-directory-members-come = { $count ->
    [one] one comes in
   *[other] { $count } come in
  }
accounts-directory-members-go = { $count ->
    [one] one leaves
   *[other] { $count } leave
  }
accounts-directory-conflicts = What is left out
accounts-directory-conflicts-hint = Nobody is taken for somebody else by their name or address. Link two accounts only if you know that they are the same.
accounts-directory-obstacle-user-name-taken = goes by the user name of
accounts-directory-obstacle-mail-taken = has the mail address of
accounts-directory-obstacle-user-name-twice = has the user name of another entry
accounts-directory-obstacle-mail-twice = has the mail address of another entry
accounts-directory-obstacle-in-trash = is in the trash here
accounts-directory-obstacle-no-mail = has no mail address
accounts-directory-obstacle-unfit = has a name or an id that cannot be kept
accounts-directory-obstacle-administrator = is an administrator: give the access back by hand
accounts-directory-obstacle-last-administrator = is the last administrator and keeps access
accounts-directory-obstacle-group-name-taken = has the name of the group
accounts-directory-obstacle-group-name-twice = has the name of another group of the directory
accounts-directory-obstacle-cycle = would be inside itself
accounts-directory-link = They are the same
accounts-directory-linked = Linked. The next run brings over what the directory knows.
accounts-directory-unlinked = Not linked any more. The account belongs to this platform alone.
accounts-directory-entry-taken = Somebody else is linked to that entry.
accounts-directory-unlink = Unlink
accounts-directory-of-person = Comes from the directory { $name }. It decides about names, title, department, telephone, manager, mail addresses and access: changes here are undone by its next run.
accounts-directory-of-group = Comes from the directory { $name }. It decides about the name, and who of its people is in it: changes to those are undone by its next run.
accounts-directory-group-unlinked = Not linked any more. The group and who is in it belong to this platform alone.
accounts-directory-runs = History
accounts-directory-by = Asked by
accounts-directory-schedule = schedule
accounts-directory-decided-by = decided by { $name }
accounts-directory-lasted = Took
accounts-directory-run-running = runs
accounts-directory-run-previewed = preview
accounts-directory-run-done = done
accounts-directory-run-stopped = waits for a decision
accounts-directory-run-approved = approved
accounts-directory-run-discarded = discarded
accounts-directory-run-superseded = overtaken
accounts-directory-run-failed = failed
accounts-directory-created = { $count ->
    [one] one person added
   *[other] { $count } people added
  }
accounts-directory-updated = { $count ->
    [one] one person changed
   *[other] { $count } people changed
  }
accounts-directory-suspended = { $count ->
    [one] one person lost access
   *[other] { $count } people lost access
  }
accounts-directory-reinstated = { $count ->
    [one] one person got access back
   *[other] { $count } people got access back
  }
accounts-directory-groups-created = { $count ->
    [one] one group added
   *[other] { $count } groups added
  }
accounts-directory-groups-changed = { $count ->
    [one] one group changed
   *[other] { $count } groups changed
  }
accounts-directory-groups-emptied = { $count ->
    [one] one group emptied
   *[other] { $count } groups emptied
  }
accounts-directory-conflicts-count = { $count ->
    [one] one left out
   *[other] { $count } left out
  }
accounts-directory-refused = { $count ->
    [one] one step refused
   *[other] { $count } steps refused
  }
accounts-rule = Rule
accounts-rule-hint = Who is in the group by what is known of them. They come and go by themselves when that changes. Whoever was put into the group by hand stays in it.
accounts-rule-matching = Who comes in
accounts-rule-all = Those for whom each condition holds
accounts-rule-any = Those for whom one of the conditions holds
accounts-rule-condition = Condition { $number }
accounts-rule-fact = About
accounts-rule-nothing = Nothing
accounts-rule-test = Comparison
accounts-rule-value = Value
accounts-rule-mail-domain = Domain of the mail address
accounts-rule-language = Language
accounts-rule-manager = Manager (sign-in name)
accounts-rule-is = is
accounts-rule-is-not = is not
accounts-rule-contains = contains
accounts-rule-starts-with = begins with
accounts-rule-at-least = is at least
accounts-rule-at-most = is at most
accounts-rule-is-empty = is empty
accounts-rule-is-set = is filled in
accounts-rule-look = Preview
accounts-rule-save = Save the rule
accounts-rule-remove = Remove the rule
accounts-rule-remove-hint = Without a rule, everybody who is in the group stays in it.
accounts-rule-preview = What would happen
accounts-rule-takes = { $count ->
    [one] The rule holds for { $count } person.
   *[other] The rule holds for { $count } people.
}
accounts-rule-same = Nobody would come in or leave.
accounts-rule-joins = { $count ->
    [one] { $count } person would come in
   *[other] { $count } people would come in
}
accounts-rule-leaves = { $count ->
    [one] { $count } person would leave
   *[other] { $count } people would leave
}
accounts-rule-more = { $count ->
    [one] and { $count } more
   *[other] and { $count } more
}
accounts-rule-empty = Say at least one condition.
accounts-rule-no-field = This field does not exist any more. Choose another.
accounts-rule-no-order = Only fields that hold numbers or days can be compared like this. Choose another comparison.
accounts-rule-too-many = As many groups as may have a rule. Remove the rule of another group first.
accounts-rule-saved = The rule was saved. The group follows it within a few seconds.
accounts-rule-removed = The rule was removed. Everybody who was in the group stays in it.
accounts-by-rule = by rule
accounts-member-by-rule = The rule of the group puts this person there. Change the rule, or what it goes by.
accounts-archive = Archive of data
accounts-archive-text = Everything that is kept of you here, in one file: your profile and groups, how you sign in and from where, what you were told, and what was done by and to you. Passwords, keys and other secrets are not in it.
accounts-archive-of = Everything that is kept of { $name }, in one file. Only you can open it. That you asked for it and opened it is in the audit trail, and the person sees it under Activity.
accounts-archive-hint = Collecting takes a moment; you are told when it is ready. It is kept for 7 days, or until you make another.
accounts-archive-ask = Make an archive
accounts-archive-asked = The archive is being made. You are told when it is ready.
accounts-archive-under-way = An archive is being made already.
accounts-archive-too-many = No more than 20 archives can be made in a day. Try again tomorrow.
accounts-archive-look = Look again
accounts-archive-open = Download
accounts-archive-until = It is kept until
accounts-archive-collecting = Being made
accounts-archive-ready = Ready
accounts-archive-partial = Ready, with gaps
accounts-archive-failed = Could not be made
accounts-archive-replaced = Replaced by a newer one
accounts-archive-progress = Services that have told what they keep
accounts-archive-part-waiting = Is asked
accounts-archive-part-again = Did not answer, is asked again
accounts-archive-part-done = Done
accounts-archive-part-failed = Missing: did not answer, or told too much
accounts-archive-readme =
    This archive holds what is kept of { $name } ({ $username }), as of { $at }.

    Each folder is a part of the platform, each file a list of records in JSON. Other people are named by their id alone.
    Passwords, keys and other secrets are not in it, nor what they are checked by. Lines of the log are not in it either:
    they are deleted after as many days as is set.
accounts-archive-readme-accounts = profile, picture, mail addresses, groups, responsibilities, grants, invitation, what was done by and to the person
accounts-archive-readme-auth = sign-in: sessions, browsers, keys, what there is to sign in with, attempts
accounts-archive-readme-notifications = what the person was told, and mail to them
accounts-archive-readme-settings = settings of the platform that the person changed
accounts-archive-readme-other = what the service keeps of the person
accounts-archive-readme-missing = Missing, because the service did not answer for long or told more than fits. Ask for another archive later:
accounts-archive-readme-files = Files, and how many records each has:
accounts-archive-readme-cut = there are more, only the newest are here
accounts-filters = Saved filters
accounts-filters-own = Yours
accounts-filters-shared = Shared by other administrators
accounts-filters-none = You have saved no filters
accounts-filters-none-hint = Search or filter the list of people, and save what it shows under a name.
accounts-filters-all = All saved filters
accounts-filters-full = You have saved 50 filters, which is as many as you can. Delete one first.
accounts-filter-keep = Save this filter
accounts-filter-kept = The filter was saved.
accounts-filter-empty = Search or filter the list first, then save it under a name.
accounts-filter-name-taken = Another of your filters has this name.
accounts-filter-change = Change
accounts-filter-delete = Delete the filter
accounts-filter-delete-text = Nobody sees it any more. The people it shows stay as they are.
accounts-filter-deleted = The filter was deleted.
accounts-filter-share = Share with all administrators
accounts-filter-share-hint = They see it and open it. Only you change or delete it.
accounts-filter-is-shared = Shared
accounts-filter-words = “{ $words }”
accounts-filter-order = by { $column }
