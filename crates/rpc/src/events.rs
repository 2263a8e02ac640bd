//! Domain events: their names on the stream and their messages.

/// Events of app-auth.
pub mod auth {
    pub use crate::auth::v1::{
        AdministratorCreated, AuditRecorded, InvitationAccepted, PreferencesChanged, SessionCreated,
    };

    /// Carries [`AdministratorCreated`].
    pub const ADMINISTRATOR_CREATED: &str = "auth.administrator.created";
    /// Carries [`InvitationAccepted`].
    pub const INVITATION_ACCEPTED: &str = "auth.invitation.accepted";
    /// Carries [`SessionCreated`].
    pub const SESSION_CREATED: &str = "auth.session.created";
    /// Carries [`PreferencesChanged`].
    pub const PREFERENCES_CHANGED: &str = "auth.preferences.changed";
    /// Carries [`AuditRecorded`].
    pub const AUDIT: &str = "auth.audit";
}

/// Events of app-accounts.
pub mod accounts {
    pub use crate::accounts::v1::{GroupRenamed, UserChanged, UserForgotten, UserPurged};

    /// Carries [`UserChanged`].
    pub const USER_CHANGED: &str = "accounts.user.changed";
    /// Carries [`GroupRenamed`].
    pub const GROUP_RENAMED: &str = "accounts.group.renamed";
    /// Carries [`UserPurged`].
    pub const USER_PURGED: &str = "accounts.user.purged";
    /// The services that keep something of people, each with the event by which it says that it forgot somebody.
    /// Carry [`UserForgotten`].
    pub const USER_FORGOTTEN: [(&str, &str); 3] = [
        ("auth", "auth.user.forgotten"),
        ("notifications", "notifications.user.forgotten"),
        ("settings", "settings.user.forgotten"),
    ];
}

/// Events of app-settings.
pub mod settings {
    pub use crate::settings::v1::SettingChanged;

    /// Carries [`SettingChanged`].
    pub const VALUE_CHANGED: &str = "settings.value.changed";
}
