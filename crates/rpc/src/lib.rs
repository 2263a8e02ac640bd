//! gRPC between services: generated messages, server traits and clients, and channels that follow the
//! registry.
//!
//! Owns how services call each other: deadlines, who calls for whom, which instance answers, what is
//! repeated, and how a domain error survives the hop. Knows no app's rules and no storage. One feature per
//! service turns its client on; the features an app turns on are the call graph. Messages and server traits
//! are always there.

/// Includes a generated package.
macro_rules! package {
    ($name:literal) => {
        /// Version 1 of the contract.
        #[allow(
            clippy::all,
            clippy::pedantic,
            clippy::allow_attributes_without_reason,
            missing_docs,
            unreachable_pub,
            unused_qualifications,
            reason = "generated from proto/"
        )]
        pub mod v1 {
            tonic::include_proto!($name);
        }
    };
}

mod attempts;
mod call;
mod channel;
mod error;
pub mod events;
#[cfg(any(feature = "accounts", feature = "settings"))]
mod follow;
#[cfg(feature = "accounts")]
pub mod grants;
mod origin;
mod outcome;
pub mod personal;
mod pool;
mod redacted;
pub mod server;
pub mod settings;
mod trace;

pub use call::{Call, Method};
pub use channel::Channel;
pub use error::Error;
pub use origin::Origin;

/// app-accounts: people and groups.
pub mod accounts {
    package!("cloud.accounts.v1");

    #[cfg(feature = "accounts")]
    pub use v1::{
        AccountsClient, AdmissionClient, AuditClient, DirectoriesClient, GrantsClient,
        LifeCycleClient, OperatingClient, PasswordsClient,
    };

    /// The client of app-accounts.
    #[cfg(feature = "accounts")]
    pub fn client(origin: impl Into<crate::Origin>) -> AccountsClient {
        AccountsClient::new(crate::Channel::new(origin, "accounts"))
    }

    /// The client of what app-accounts asks directories about passwords.
    #[cfg(feature = "accounts")]
    pub fn passwords_client(origin: impl Into<crate::Origin>) -> PasswordsClient {
        PasswordsClient::new(crate::Channel::new(origin, "accounts"))
    }

    /// The client of the grants that app-accounts keeps. Apps use [`crate::grants::follow`] instead.
    #[cfg(feature = "accounts")]
    pub fn grants_client(origin: impl Into<crate::Origin>) -> GrantsClient {
        GrantsClient::new(crate::Channel::new(origin, "accounts"))
    }

    /// The client of what app-accounts does for operators.
    #[cfg(feature = "accounts")]
    pub fn operating_client(origin: impl Into<crate::Origin>) -> OperatingClient {
        OperatingClient::new(crate::Channel::new(origin, "accounts"))
    }

    /// The client of what app-accounts tells operators of directories.
    #[cfg(feature = "accounts")]
    pub fn directories_client(origin: impl Into<crate::Origin>) -> DirectoriesClient {
        DirectoriesClient::new(crate::Channel::new(origin, "accounts"))
    }

    /// The client of what app-accounts tells operators of invitations and of requests for accounts.
    #[cfg(feature = "accounts")]
    pub fn admission_client(origin: impl Into<crate::Origin>) -> AdmissionClient {
        AdmissionClient::new(crate::Channel::new(origin, "accounts"))
    }

    /// The client of what app-accounts tells operators of who changed what.
    #[cfg(feature = "accounts")]
    pub fn audit_client(origin: impl Into<crate::Origin>) -> AuditClient {
        AuditClient::new(crate::Channel::new(origin, "accounts"))
    }

    /// The client of what app-accounts tells operators of accounts that end.
    #[cfg(feature = "accounts")]
    pub fn life_cycle_client(origin: impl Into<crate::Origin>) -> LifeCycleClient {
        LifeCycleClient::new(crate::Channel::new(origin, "accounts"))
    }
}

/// app-auth: sign-in, sessions and signing keys.
pub mod auth {
    package!("cloud.auth.v1");

    #[cfg(feature = "auth")]
    pub use v1::{AuthClient, KeysClient, PeopleClient, RecoveryClient};

    /// The client of app-auth.
    #[cfg(feature = "auth")]
    pub fn client(origin: impl Into<crate::Origin>) -> AuthClient {
        AuthClient::new(crate::Channel::new(origin, "auth"))
    }

    /// The client of app-auth's keys.
    #[cfg(feature = "auth")]
    pub fn keys_client(origin: impl Into<crate::Origin>) -> KeysClient {
        KeysClient::new(crate::Channel::new(origin, "auth"))
    }

    /// The client of what app-auth does to help people back in.
    #[cfg(feature = "auth")]
    pub fn recovery_client(origin: impl Into<crate::Origin>) -> RecoveryClient {
        RecoveryClient::new(crate::Channel::new(origin, "auth"))
    }

    /// The client of what app-auth knows about people.
    #[cfg(feature = "auth")]
    pub fn people_client(origin: impl Into<crate::Origin>) -> PeopleClient {
        PeopleClient::new(crate::Channel::new(origin, "auth"))
    }
}

/// app-notifications: the inbox of each person.
pub mod notifications {
    package!("cloud.notifications.v1");

    #[cfg(feature = "notifications")]
    pub use v1::NotificationsClient;

    /// The client of app-notifications.
    #[cfg(feature = "notifications")]
    pub fn client(origin: impl Into<crate::Origin>) -> NotificationsClient {
        NotificationsClient::new(crate::Channel::new(origin, "notifications"))
    }
}
