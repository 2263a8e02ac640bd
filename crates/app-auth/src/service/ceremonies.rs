//! The ceremonies of WebAuthn (level 3), over the library that verifies them. Knows no tables.
//!
//! Every passkey is discoverable and proves that its owner is there (user verification), so that one alone is as
//! good as two other factors. Passkeys are bound to the host of `APP_URL`; where that is a network address there
//! can be none.

use platform::StartError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;
use webauthn_rs::WebauthnBuilder;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Webauthn, WebauthnError,
};

use crate::domain::subject::{Subject, UserId};
use crate::error::Error;
use crate::service::passkeys::CHALLENGE_HOLDS;

/// Makes challenges and verifies answers for one origin. Challenges are 256 random bits.
pub(crate) struct Ceremonies {
    webauthn: Option<Webauthn>,
}

/// What the browser gets, and what is kept until it answers.
pub(crate) struct Begun {
    /// For the browser, in the JSON form of section 5.1.
    pub(crate) options: Value,
    /// To be stored.
    pub(crate) state: Value,
}

/// A passkey as it is stored.
pub(crate) struct Verified {
    /// How its authenticator names it.
    pub(crate) credential_id: Vec<u8>,
    /// Public key, counter and flags.
    pub(crate) credential: Value,
}

/// How an answer went.
pub(crate) enum Answered {
    /// It is right.
    Right(Verified),
    /// The signature is right, but the counter does not go on: somebody may have a copy of the key.
    CounterBack,
    /// It is wrong.
    Wrong,
}

impl Ceremonies {
    /// For the platform's address.
    pub(crate) fn at(url: &Url) -> Result<Self, StartError> {
        let Some(host) = url.domain() else {
            tracing::warn!("passkeys are not offered: APP_URL names no host but an address");
            return Ok(Self { webauthn: None });
        };
        let unfit = |error| StartError::failed("passkeys cannot be offered at APP_URL", error);
        let builder = WebauthnBuilder::new(host, url).map_err(unfit)?;
        let webauthn = builder
            .rp_name("Cloud")
            .timeout(CHALLENGE_HOLDS.unsigned_abs())
            .build()
            .map_err(unfit)?;
        Ok(Self {
            webauthn: Some(webauthn),
        })
    }

    /// Whether there can be passkeys here at all.
    pub(crate) fn are_possible(&self) -> bool {
        self.webauthn.is_some()
    }

    fn webauthn(&self) -> Result<&Webauthn, Error> {
        self.webauthn.as_ref().ok_or(Error::NoPasskeys)
    }

    /// Asks for a new passkey of a person, but not for one they have.
    pub(crate) fn begin_adding(&self, subject: &Subject, have: &[Value]) -> Result<Begun, Error> {
        let have: Vec<Passkey> = read_all(have)?;
        let have = have.iter().map(|one| one.cred_id().clone()).collect();
        let (options, state) = self
            .webauthn()?
            .start_passkey_registration(
                subject.user_id.0,
                &subject.username,
                &subject.display_name,
                Some(have),
            )
            .map_err(|error| failed(&error))?;
        let mut begun = begun(&options, &state)?;
        // The library asks for keys that may need a name typed first; these are to work without one.
        if let Some(selection) = begun.options.pointer_mut("/authenticatorSelection") {
            *selection = json!({
                "residentKey": "required",
                "requireResidentKey": true,
                "userVerification": "required",
            });
        }
        Ok(begun)
    }

    /// The new passkey, if the answer is right.
    pub(crate) fn finish_adding(
        &self,
        state: Value,
        answer: &str,
    ) -> Result<Option<Verified>, Error> {
        let state: PasskeyRegistration = read(state)?;
        let Ok(answer) = serde_json::from_str::<RegisterPublicKeyCredential>(answer) else {
            return Ok(None);
        };
        match self
            .webauthn()?
            .finish_passkey_registration(&answer, &state)
        {
            Ok(passkey) => stored(&passkey).map(Some),
            Err(error) => {
                told(&error);
                Ok(None)
            }
        }
    }

    /// Asks for whatever passkey the browser has for this origin; of one person, for one of theirs.
    pub(crate) fn begin_signing_in(&self, only: &[Value]) -> Result<Begun, Error> {
        let only: Vec<Passkey> = read_all(only)?;
        let (options, state) = self
            .webauthn()?
            .start_discoverable_authentication()
            .map_err(|error| failed(&error))?;
        let mut begun = begun(&options, &state)?;
        // A hint for the browser, so that it does not show other people's. What counts is checked against what
        // the person has once they answer.
        if let Some(allowed) = begun.options.get_mut("allowCredentials") {
            *allowed = only
                .iter()
                .map(|one| json!({"type": "public-key", "id": one.cred_id()}))
                .collect();
        }
        Ok(begun)
    }

    /// Verifies an answer against the passkeys of the person it names.
    pub(crate) fn finish_signing_in(
        &self,
        state: Value,
        answer: &Answer,
        have: &[Value],
    ) -> Result<Answered, Error> {
        let state: DiscoverableAuthentication = read(state)?;
        let mut have: Vec<Passkey> = read_all(have)?;
        let keys: Vec<DiscoverableKey> = have.iter().map(DiscoverableKey::from).collect();
        let verified = self
            .webauthn()?
            .finish_discoverable_authentication(&answer.0, state, &keys);
        let proven = match verified {
            Ok(proven) => proven,
            Err(WebauthnError::CredentialPossibleCompromise) => return Ok(Answered::CounterBack),
            Err(error) => {
                told(&error);
                return Ok(Answered::Wrong);
            }
        };
        // The library was told to require it; that it did is not taken on trust.
        if !proven.user_verified() {
            return Ok(Answered::Wrong);
        }
        let used = have
            .iter_mut()
            .find_map(|one| one.update_credential(&proven).map(|_| &*one));
        used.map_or(Ok(Answered::Wrong), |used| {
            stored(used).map(Answered::Right)
        })
    }
}

/// What a browser sent to sign in.
pub(crate) struct Answer(PublicKeyCredential);

impl Answer {
    /// Reads it, if it is one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// Whom it names. Proves nothing yet.
    pub(crate) fn names(&self) -> Option<UserId> {
        let id = uuid::Uuid::from_slice(self.0.get_user_unique_id()?).ok()?;
        Some(UserId(id))
    }
}

/// Browsers take the inner part of what the crate calls `{"publicKey": ..}`.
fn begun(options: &impl Serialize, state: &impl Serialize) -> Result<Begun, Error> {
    let mut options = write(options)?;
    let inner = options.get_mut("publicKey").map(Value::take);
    Ok(Begun {
        options: inner.ok_or(Error::Passkey)?,
        state: write(state)?,
    })
}

fn stored(passkey: &Passkey) -> Result<Verified, Error> {
    Ok(Verified {
        credential_id: passkey.cred_id().as_ref().to_vec(),
        credential: write(passkey)?,
    })
}

fn read_all<T: DeserializeOwned>(values: &[Value]) -> Result<Vec<T>, Error> {
    values.iter().cloned().map(read).collect()
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
    serde_json::from_value(value).map_err(|error| {
        tracing::error!(%error, "a stored passkey or challenge cannot be read");
        Error::Passkey
    })
}

fn write(value: &impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(|_| Error::Passkey)
}

fn failed(error: &WebauthnError) -> Error {
    tracing::error!(%error, "a passkey ceremony cannot begin");
    Error::Passkey
}

/// Why an answer was refused helps whoever runs this, not whoever sent it.
fn told(error: &WebauthnError) {
    tracing::debug!(%error, "a passkey was refused");
}
