//! `cloud.accounts.v1.AuditService`: what `cloud audit` asks.

use jiff::Timestamp;
use rpc::accounts::v1 as wire;
use rpc::accounts::v1::audit_service_server::AuditService;
use tonic::Request;

use super::operating::{by_login, place};
use crate::Accounts;
use crate::api::cursor::encode;
use crate::error::Error;
use crate::grpc::{self, answered};
use crate::store::audit::{AuditFilter, Entry, OUTCOMES};

/// Most rows of a page.
const MOST: u32 = 200;

/// The service.
#[derive(Debug)]
pub struct Audit {
    accounts: Accounts,
}

impl Audit {
    /// Over the use cases of this app.
    pub fn new(accounts: Accounts) -> Self {
        Self { accounts }
    }

    async fn list(
        &self,
        request: wire::ListAuditEntriesRequest,
    ) -> Result<wire::ListAuditEntriesResponse, Error> {
        if !(1..=MOST).contains(&request.page_size) {
            return Err(Error::Limit);
        }
        let size = i64::from(request.page_size);
        let filter = self.filter(request).await?;
        let mut found = self.accounts.directory.audit(&filter, size + 1, 0).await?;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let more = found.len() > size;
        found.truncate(size);
        let last = found.last().filter(|_| more);
        let next = last.map(|entry| encode(entry.id, &entry.at.to_string()));
        Ok(wire::ListAuditEntriesResponse {
            entries: found.into_iter().map(entry).collect(),
            next_page_token: next.unwrap_or_default(),
        })
    }

    async fn filter(&self, request: wire::ListAuditEntriesRequest) -> Result<AuditFilter, Error> {
        let about = match request.login.as_str() {
            "" => None,
            login => Some(by_login(&self.accounts, login).await?.id.0),
        };
        let outcome = match request.outcome.as_str() {
            "" => None,
            asked => {
                let mut words = OUTCOMES.into_iter();
                let word = words.find(|word| *word == asked);
                Some(word.ok_or(Error::NotAWord("outcome", "done or refused"))?)
            }
        };
        let after = place(&request.page_token)?.map(|(id, at)| {
            let at: Result<Timestamp, _> = at.parse();
            at.map(|at| (at, id)).map_err(|_| Error::NotACursor)
        });
        Ok(AuditFilter {
            target_kind: None,
            outcome,
            since: Timestamp::from_second(request.since.max(0)).ok(),
            about,
            words: Some(request.words),
            after: after.transpose()?,
        })
    }
}

fn entry(entry: Entry) -> wire::AuditEntry {
    wire::AuditEntry {
        occurred_at: entry.at.as_second(),
        reason: entry.reason().unwrap_or_default().to_owned(),
        changes: entry.described(),
        actor_name: entry.actor_name,
        on_behalf: entry.through,
        address: entry.address,
        request_id: entry.request_id,
        action: entry.action,
        outcome: entry.outcome,
        target_kind: entry.target_kind,
        target_name: entry.target_name,
    }
}

#[tonic::async_trait]
impl AuditService for Audit {
    async fn list_audit_entries(
        &self,
        request: Request<wire::ListAuditEntriesRequest>,
    ) -> grpc::Answer<wire::ListAuditEntriesResponse> {
        answered(self.list(request.into_inner()).await)
    }
}
