//! `cloud.accounts.v1.AdmissionService`: what `cloud invitation` and `cloud request` ask.

use jiff::Timestamp;
use platform::Role;
use rpc::accounts::v1 as wire;
use rpc::accounts::v1::admission_service_server::AdmissionService;
use tonic::Request;

use super::operating::{by_login, operator};
use crate::Accounts;
use crate::domain::group::GroupId;
use crate::domain::invitation::{OpenInvitation, Stage};
use crate::domain::name::{Line, Unfit};
use crate::domain::registration::{AccountRequest, AccountRequestId};
use crate::error::Error;
use crate::grpc::{self, answered};
use crate::service::invitations::Asked;
use crate::service::registrations::Decided;
use crate::store::membership::Span;

/// Rows of a page.
const PAGE: i64 = 200;
/// Most groups that somebody is let into at once.
const MOST_GROUPS: usize = 50;

/// The service.
#[derive(Debug)]
pub struct Admission {
    accounts: Accounts,
}

impl Admission {
    /// Over the use cases of this app.
    pub fn new(accounts: Accounts) -> Self {
        Self { accounts }
    }

    async fn invitations(
        &self,
        request: &wire::ListInvitationsRequest,
    ) -> Result<wire::ListInvitationsResponse, Error> {
        let stage = Some(request.stage.as_str()).filter(|word| !word.is_empty());
        let stage = stage.map(str::parse::<Stage>).transpose().map_err(|_| {
            let words = "new, sending, sent, unsent, shown, expired or revoked";
            Error::NotAWord("stage", words)
        })?;
        let span = Span {
            limit: PAGE,
            offset: request.offset.into(),
        };
        let found = self.accounts.invitations.open(stage, None, span).await?;
        Ok(wire::ListInvitationsResponse {
            invitations: found.rows.into_iter().map(invitation).collect(),
            total: found.total,
        })
    }

    async fn mail(&self, login: &str) -> Result<(), Error> {
        let person = by_login(&self.accounts, login).await?.id;
        let invitations = &self.accounts.invitations;
        answer(invitations.resend(&operator(), person).await?)
    }

    async fn revoke(&self, login: &str) -> Result<(), Error> {
        let person = by_login(&self.accounts, login).await?.id;
        let invitations = &self.accounts.invitations;
        answer(invitations.revoke(&operator(), person).await?)
    }

    async fn waiting(&self) -> Result<wire::ListAccountRequestsResponse, Error> {
        let waiting = self.accounts.registrations.waiting().await?;
        Ok(wire::ListAccountRequestsResponse {
            requests: waiting.into_iter().map(request).collect(),
        })
    }

    /// Who waits with this address.
    async fn by_email(&self, email: &str) -> Result<AccountRequestId, Error> {
        let waiting = self.accounts.registrations.waiting().await?;
        let found = waiting
            .iter()
            .find(|found| found.email.eq_ignore_ascii_case(email.trim()));
        Ok(found.ok_or(Error::Decided)?.id)
    }

    async fn approve(&self, request: &wire::ApproveAccountRequestRequest) -> Result<(), Error> {
        let role = match request.role.as_str() {
            "user" => Role::User,
            "guest" => Role::Guest,
            _ => return Err(Error::NotAWord("role", "guest or user")),
        };
        if request.groups.len() > MOST_GROUPS {
            return Err(Error::Unfit("groups", Unfit::TooLong));
        }
        let mut groups: Vec<GroupId> = Vec::new();
        for name in &request.groups {
            groups.push(self.accounts.groups.by_name(name).await?.id);
        }
        let id = self.by_email(&request.email).await?;
        let registrations = &self.accounts.registrations;
        decided(
            registrations
                .approve(&operator(), id, (role, groups))
                .await?,
        )
    }

    async fn deny(&self, request: &wire::DenyAccountRequestRequest) -> Result<(), Error> {
        let reason = Line::parse(&request.reason).map_err(|unfit| Error::Unfit("reason", unfit))?;
        let id = self.by_email(&request.email).await?;
        let registrations = &self.accounts.registrations;
        decided(registrations.deny(&operator(), id, &reason).await?)
    }
}

fn answer(asked: Asked) -> Result<(), Error> {
    match asked {
        Asked::Done | Asked::Unchanged => Ok(()),
        Asked::NotInvited => Err(Error::NotInvited),
    }
}

fn decided(decided: Decided) -> Result<(), Error> {
    match decided {
        Decided::Done => Ok(()),
        Decided::Late => Err(Error::Decided),
        Decided::EmailTaken => Err(Error::EmailTaken),
        Decided::GroupGone => Err(Error::GroupsGone),
    }
}

fn invitation(found: OpenInvitation) -> wire::OperatedInvitation {
    wire::OperatedInvitation {
        username: found.username,
        display_name: found.display_name,
        email: found.email,
        role: found.role.as_str().to_owned(),
        stage: found.invitation.stage.as_str().to_owned(),
        created_at: found.invitation.created_at.as_second(),
        expires_at: found.invitation.expires_at.map_or(0, Timestamp::as_second),
    }
}

fn request(found: AccountRequest) -> wire::OperatedAccountRequest {
    wire::OperatedAccountRequest {
        email: found.email,
        display_name: found.display_name,
        note: found.note,
        created_at: found.created_at.as_second(),
    }
}

#[tonic::async_trait]
impl AdmissionService for Admission {
    async fn list_invitations(
        &self,
        request: Request<wire::ListInvitationsRequest>,
    ) -> grpc::Answer<wire::ListInvitationsResponse> {
        answered(self.invitations(request.get_ref()).await)
    }

    async fn mail_invitation(
        &self,
        request: Request<wire::MailInvitationRequest>,
    ) -> grpc::Answer<wire::MailInvitationResponse> {
        let mailed = self.mail(&request.get_ref().login).await;
        answered(mailed.map(|()| wire::MailInvitationResponse {}))
    }

    async fn revoke_invitation(
        &self,
        request: Request<wire::RevokeInvitationRequest>,
    ) -> grpc::Answer<wire::RevokeInvitationResponse> {
        let revoked = self.revoke(&request.get_ref().login).await;
        answered(revoked.map(|()| wire::RevokeInvitationResponse {}))
    }

    async fn list_account_requests(
        &self,
        _request: Request<wire::ListAccountRequestsRequest>,
    ) -> grpc::Answer<wire::ListAccountRequestsResponse> {
        answered(self.waiting().await)
    }

    async fn approve_account_request(
        &self,
        request: Request<wire::ApproveAccountRequestRequest>,
    ) -> grpc::Answer<wire::ApproveAccountRequestResponse> {
        let approved = self.approve(request.get_ref()).await;
        answered(approved.map(|()| wire::ApproveAccountRequestResponse {}))
    }

    async fn deny_account_request(
        &self,
        request: Request<wire::DenyAccountRequestRequest>,
    ) -> grpc::Answer<wire::DenyAccountRequestResponse> {
        let denied = self.deny(request.get_ref()).await;
        answered(denied.map(|()| wire::DenyAccountRequestResponse {}))
    }
}
