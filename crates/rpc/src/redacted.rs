//! `Debug` for messages that carry secrets: the name and what is harmless, never the secret.

use std::fmt::{Debug, Formatter, Result};

use crate::{accounts, auth, notifications, personal, settings};

impl Debug for auth::v1::IntrospectRequest {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("IntrospectRequest").finish_non_exhaustive()
    }
}

impl Debug for auth::v1::Principal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Principal")
            .field("subject", &self.subject)
            .field("session_id", &self.session_id)
            .finish_non_exhaustive()
    }
}

impl Debug for auth::v1::GetSigningKeysResponse {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("GetSigningKeysResponse")
            .field("keys", &self.sealed_keys.len())
            .field("refresh_at", &self.refresh_at)
            .finish_non_exhaustive()
    }
}

impl Debug for auth::v1::StartResetResponse {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("StartResetResponse")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl Debug for auth::v1::CreateInvitationResponse {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("CreateInvitationResponse")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl Debug for auth::v1::CreateKeyResponse {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("CreateKeyResponse")
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

impl Debug for accounts::v1::VerifyPasswordRequest {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("VerifyPasswordRequest")
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

impl Debug for accounts::v1::ChangePasswordRequest {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("ChangePasswordRequest")
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

impl Debug for accounts::v1::CreateUserResponse {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("CreateUserResponse")
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

impl Debug for accounts::v1::InvitePersonResponse {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("InvitePersonResponse")
            .finish_non_exhaustive()
    }
}

impl Debug for notifications::v1::MailAction {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("MailAction")
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}

/// Links and codes of sign-ins, and what people are told about their account.
impl Debug for notifications::v1::MailBlock {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("MailBlock").finish_non_exhaustive()
    }
}

impl Debug for notifications::v1::MailRecipient {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("MailRecipient")
            .field("person_id", &self.person_id)
            .finish_non_exhaustive()
    }
}

/// What is kept of people.
impl Debug for personal::v1::CollectPersonalDataResponse {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("CollectPersonalDataResponse")
            .field("section", &self.section)
            .finish_non_exhaustive()
    }
}

impl Debug for settings::v1::Values {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Values")
            .field("version", &self.version)
            .field("values", &self.json_values.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_reach_debug_output() {
        let request = auth::v1::IntrospectRequest {
            session_token: "canary".to_owned(),
            api_key: "canary".to_owned(),
            address: String::new(),
        };
        assert!(!format!("{request:?}").contains("canary"));

        let key = auth::v1::CreateKeyResponse {
            secret: "canary".to_owned(),
            ..auth::v1::CreateKeyResponse::default()
        };
        assert!(!format!("{key:?}").contains("canary"));

        let mut values = settings::v1::Values::default();
        values
            .json_values
            .insert("smtp.password".to_owned(), "\"canary\"".to_owned());
        assert!(!format!("{values:?}").contains("canary"));

        let action = notifications::v1::MailAction {
            label: "Sign in".to_owned(),
            url: "https://cloud.example.org/auth/mail/canary".to_owned(),
        };
        assert!(!format!("{action:?}").contains("canary"));
        let content = notifications::v1::MailContent {
            subject: "Sign in".to_owned(),
            blocks: vec![notifications::v1::MailBlock {
                block: Some(notifications::v1::mail_block::Block::Code(
                    "canary".to_owned(),
                )),
            }],
        };
        assert!(!format!("{content:?}").contains("canary"));

        let invitation = auth::v1::CreateInvitationResponse {
            path: "/auth/invitation/canary".to_owned(),
            expires_at: 0,
        };
        assert!(!format!("{invitation:?}").contains("canary"));
        let invitation = accounts::v1::InvitePersonResponse {
            invitation_path: "/auth/invitation/canary".to_owned(),
        };
        assert!(!format!("{invitation:?}").contains("canary"));
        let asked = accounts::v1::VerifyPasswordRequest {
            user_id: String::new(),
            password: "canary".to_owned(),
        };
        assert!(!format!("{asked:?}").contains("canary"));
        let asked = accounts::v1::ChangePasswordRequest {
            user_id: String::new(),
            old_password: "canary".to_owned(),
            new_password: "canary".to_owned(),
        };
        assert!(!format!("{asked:?}").contains("canary"));
        let told = personal::v1::CollectPersonalDataResponse {
            section: "profile".to_owned(),
            json: "\"canary\"".to_owned(),
            more: false,
        };
        assert!(!format!("{told:?}").contains("canary"));
        let reset = auth::v1::StartResetResponse {
            path: "/auth/reset/canary".to_owned(),
            expires_at: 0,
        };
        assert!(!format!("{reset:?}").contains("canary"));
    }
}
