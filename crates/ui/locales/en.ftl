# Words of the frame, the components and the error pages. Keys begin with `ui-`.

## Actions
ui-save = Save
ui-cancel = Cancel
ui-close = Close
ui-delete = Delete
ui-edit = Edit
ui-back = Back
ui-add = Add
ui-apply = Apply
ui-clear = Clear all
ui-undo = Undo
ui-dismiss = Dismiss
ui-retry = Try again
ui-copy = Copy
ui-copied = Copied
ui-copy-failed = Copying did not work. Select the text and copy it by hand.
ui-actions = Actions
ui-show-password = Show password
ui-hide-password = Hide password

## Frame
ui-skip = Skip to content
ui-navigation = Main navigation
ui-breadcrumb = Breadcrumb
ui-apps = Apps
ui-home = Home
ui-overview = Overview
ui-administration = Administration
ui-search = Search
ui-search-hint = Search or run a command
ui-notifications = Notifications
ui-account-of = Account of { $name }
ui-profile = Profile
ui-security = Security
ui-switch-account = Switch account
ui-sign-in = Sign in
ui-sign-out = Sign out
ui-theme = Theme
ui-theme-system = Follow the system
ui-theme-light = Light
ui-theme-dark = Dark
ui-language = Language

## Search and commands
ui-palette-placeholder = Search people, pages and commands
ui-palette-empty = Nothing found for “{ $query }”
ui-palette-failed = Search does not answer right now. Commands still work.
ui-palette-go = Go to
ui-palette-commands = Commands
ui-palette-theme = Theme: { $name }
ui-palette-language = Language: { $name }
ui-palette-help = ↑ ↓ to choose, Enter to open, Esc to close
ui-palette-results = { $count ->
    [one] One result
   *[other] { $count } results
  }

## Notifications
ui-bell-unread = { $count ->
    [0] Notifications, none unread
    [one] Notifications, one unread
   *[other] Notifications, { $count } unread
  }
ui-bell-empty = Nothing new
ui-bell-empty-hint = What needs your attention will show up here.
ui-bell-failed = Notifications cannot be read right now.
ui-bell-all = Show all
ui-bell-new = New notification: { $title }

## Forms
ui-optional = optional
ui-drop = Choose files or drop them here
ui-uploading = Uploading
ui-upload-failed = The upload did not work. Try again.
ui-file-remove = Remove { $name }
ui-confirm-type = To confirm, type “{ $name }”
ui-combobox-none = No suggestions
ui-crop-zoom = Zoom
ui-crop-apply = Use this picture
ui-crop-hint = Drag to move, use the slider or the arrow keys to fit.
ui-crop-unreadable = This file is not a picture the browser can read. Use PNG, JPEG or WebP.
ui-form-invalid = Some fields need another look.

## Sharing
ui-share = Share
ui-share-whom = Person or group
ui-share-whom-hint = Two letters of a name, or a whole mail address. Groups begin with @.
ui-share-whom-missing = Say with whom.
ui-share-level = Level
ui-share-level-missing = Choose a level.
ui-share-read = May see it
ui-share-write = May change it
ui-share-admin = May change and share it
ui-share-until = Until
ui-share-end-hint = Leave it empty for good. Time zone: { $zone }.
ui-share-end-odd = This is not a moment. Choose day and time, or leave it empty.
ui-share-add = Share
ui-share-with = Shared with
ui-share-nobody = Nobody yet.
ui-share-everybody = Everybody
ui-share-signed-in = Everybody who is signed in, guests too
ui-share-public = Everybody, without signing in
ui-share-service = Service account { $id }
ui-share-you = You
ui-share-granted = Shared { $when }
ui-share-granted-by = Shared by { $name } { $when }
ui-share-remove = Remove
ui-share-leave = Remove me
ui-share-leave-text = You would take yourself off the list, and could not put yourself back. What you get by a group or as everybody stays.
ui-share-unknown = Nobody of this name can be found. Check the spelling, or choose from the list.
ui-share-past = The end lies in the past. Choose a later one.
ui-share-too-many = This is shared with as many as it can be. Make a group of them, and share it with that.
ui-share-too-open = Everybody cannot share it. Choose another level.
ui-share-last-admin = Nobody would be left who may share it for good. Give that to somebody else first.
ui-share-not-admin = You may not share this any more. Ask somebody who may.
ui-share-odd = This cannot be read. Reload the page and try again.
ui-share-done = Saved.
ui-share-removed = Removed.
ui-share-unchanged = It was so already.

## Tables
ui-filters = Filters in force
ui-filter-remove = Remove filter { $label }: { $value }
ui-select-all = Select all on this page
ui-select-row = Select { $name }
ui-selected = { $count ->
    [one] One selected
   *[other] { $count } selected
  }
ui-pages = Pages
ui-page = Page { $number }
ui-previous = Previous page
ui-next = Next page
ui-rows = { $first }–{ $last } of { $total }
ui-table-empty = Nothing here yet
ui-table-nothing = No match
ui-table-nothing-hint = Try other words or fewer filters.
ui-table-failed = This list cannot be read right now
ui-table-failed-hint = Nothing is lost. Try again in a moment.
ui-loading = Loading

## Time
ui-now = just now
ui-minutes-ago = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
  }
ui-hours-ago = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
  }
ui-days-ago = { $count ->
    [one] yesterday
   *[other] { $count } days ago
  }
ui-months-ago = { $count ->
    [one] 1 month ago
   *[other] { $count } months ago
  }
ui-years-ago = { $count ->
    [one] 1 year ago
   *[other] { $count } years ago
  }
ui-in-minutes = { $count ->
    [one] in 1 minute
   *[other] in { $count } minutes
  }
ui-in-hours = { $count ->
    [one] in 1 hour
   *[other] in { $count } hours
  }
ui-in-days = { $count ->
    [one] tomorrow
   *[other] in { $count } days
  }
ui-in-months = { $count ->
    [one] in 1 month
   *[other] in { $count } months
  }
ui-in-years = { $count ->
    [one] in 1 year
   *[other] in { $count } years
  }

## Errors
ui-error-400 = This request was not understood
ui-error-400-advice = Go back and try again. If it keeps happening, tell an administrator the code below.
ui-error-401 = Please sign in
ui-error-401-advice = This page is for people who are signed in.
ui-error-403 = This is not open to you
ui-error-403-advice = Your account may not see this page. If you think it should, ask an administrator.
ui-error-404 = There is nothing here
ui-error-404-advice = The page may have moved, or the address has a typing mistake.
ui-error-409 = Somebody was faster
ui-error-409-advice = What you wanted to change has changed meanwhile. Go back, look at it again and repeat your change.
ui-error-413 = This is too large
ui-error-413-advice = What you sent exceeds the limit. Choose something smaller.
ui-error-429 = A little slower, please
ui-error-429-advice = There were too many attempts. Wait a moment and try again.
ui-error-500 = Something went wrong on our side
ui-error-500-advice = It has been recorded. Try again, or tell an administrator the code below.
ui-error-503 = This app is taking a break
ui-error-503-advice = It is being updated or is starting up. This page tries again by itself.
ui-error-503-sent-advice = What you sent may not have arrived. Wait a moment, go back and send it again.
ui-error-form = This form has expired
ui-error-form-advice = Nothing was changed. Go back, reload the page and send the form again.
ui-retrying = Trying again in { $count ->
    [one] one second
   *[other] { $count } seconds
  }
