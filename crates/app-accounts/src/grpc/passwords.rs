//! `cloud.accounts.v1.PasswordsService`: convert, ask, convert.

use directory::{Changed, Refusal, Verdict};
use rpc::accounts::v1 as wire;
use rpc::accounts::v1::passwords_service_server::PasswordsService;
use rpc::server::status;
use tonic::{Request, Response};

use super::{Answer, id};
use crate::service::directory_passwords::DirectoryPasswords;

/// The service.
#[derive(Debug)]
pub struct Passwords {
    passwords: DirectoryPasswords,
}

impl Passwords {
    /// Over the use cases of this app.
    pub fn new(passwords: DirectoryPasswords) -> Self {
        Self { passwords }
    }
}

#[tonic::async_trait]
impl PasswordsService for Passwords {
    async fn verify_password(
        &self,
        request: Request<wire::VerifyPasswordRequest>,
    ) -> Answer<wire::VerifyPasswordResponse> {
        let request = request.into_inner();
        let (person, password) = (id(&request.user_id)?, request.password.into());
        let asked = self.passwords.verify(person, password).await;
        let verdict = asked.map_err(|error| status(&error))?;
        Ok(Response::new(wire::VerifyPasswordResponse {
            verdict: said(verdict).into(),
        }))
    }

    async fn change_password(
        &self,
        request: Request<wire::ChangePasswordRequest>,
    ) -> Answer<wire::ChangePasswordResponse> {
        let request = request.into_inner();
        let person = id(&request.user_id)?;
        let passwords = (request.old_password.into(), request.new_password.into());
        let asked = self.passwords.change(person, passwords).await;
        Ok(Response::new(
            match asked.map_err(|error| status(&error))? {
                Changed::Done => answer(Verdict::Right, wire::PasswordRefusal::Unspecified),
                Changed::NotOpened(verdict) => answer(verdict, wire::PasswordRefusal::Unspecified),
                Changed::Refused(refusal) => answer(Verdict::Right, refused(refusal)),
            },
        ))
    }
}

fn answer(verdict: Verdict, refusal: wire::PasswordRefusal) -> wire::ChangePasswordResponse {
    wire::ChangePasswordResponse {
        verdict: said(verdict).into(),
        refusal: refusal.into(),
    }
}

fn said(verdict: Verdict) -> wire::PasswordVerdict {
    match verdict {
        Verdict::Right => wire::PasswordVerdict::Right,
        Verdict::MustChange => wire::PasswordVerdict::MustChange,
        Verdict::Expired => wire::PasswordVerdict::Expired,
        Verdict::Wrong => wire::PasswordVerdict::Wrong,
        Verdict::Locked => wire::PasswordVerdict::Locked,
        Verdict::Gone => wire::PasswordVerdict::Nobody,
    }
}

fn refused(refusal: Refusal) -> wire::PasswordRefusal {
    match refusal {
        Refusal::TooWeak => wire::PasswordRefusal::TooWeak,
        Refusal::TooShort => wire::PasswordRefusal::TooShort,
        Refusal::InHistory => wire::PasswordRefusal::InHistory,
        Refusal::TooYoung => wire::PasswordRefusal::TooYoung,
        Refusal::NotAllowed => wire::PasswordRefusal::NotAllowed,
        Refusal::Rules => wire::PasswordRefusal::Rules,
    }
}
