//! `cloud.accounts.v1.LifeCycleService`: what `cloud life-cycle` and `cloud user dormant` ask.

use jiff::Timestamp;
use rpc::accounts::v1 as wire;
use rpc::accounts::v1::life_cycle_service_server::LifeCycleService;
use tonic::Request;

use super::operating::{operator, place};
use crate::Accounts;
use crate::api::cursor::encode;
use crate::domain::dormancy::{Dormant, MOST_DAYS};
use crate::domain::expiry::{Due, Run};
use crate::domain::person::PersonId;
use crate::error::Error;
use crate::grpc::{self, answered};

/// Rows of a page.
const PAGE: usize = 200;

/// The service.
#[derive(Debug)]
pub struct LifeCycle {
    accounts: Accounts,
}

impl LifeCycle {
    /// Over the use cases of this app.
    pub fn new(accounts: Accounts) -> Self {
        Self { accounts }
    }

    async fn ending(&self) -> Result<wire::ListEndingResponse, Error> {
        let due = self.accounts.expiry.due().await?;
        Ok(wire::ListEndingResponse {
            people: due.rows.into_iter().map(ending).collect(),
            total: due.total,
        })
    }

    async fn dormant(
        &self,
        request: &wire::ListDormantRequest,
    ) -> Result<wire::ListDormantResponse, Error> {
        let days = u16::try_from(request.days).ok();
        let days = days
            .filter(|days| (1..=MOST_DAYS).contains(days))
            .ok_or(Error::NotAWord("days", "a number from 1 to 3650"))?;
        let after = place(&request.page_token)?.map(|(id, moment)| {
            let moment = moment.parse().unwrap_or(Timestamp::UNIX_EPOCH);
            (PersonId(id), moment)
        });
        let report = self.accounts.last_seen.report(days, after, PAGE).await?;
        let next = report.next.map(|(id, at)| encode(id.0, &at.to_string()));
        Ok(wire::ListDormantResponse {
            people: report.people.into_iter().map(dormant).collect(),
            next_page_token: next.unwrap_or_default(),
            total: report.total,
            known_at: report.known_at.map_or(0, Timestamp::as_second),
        })
    }

    async fn runs(&self) -> Result<wire::ListLifeCycleRunsResponse, Error> {
        let runs = self.accounts.expiry.runs().await?;
        Ok(wire::ListLifeCycleRunsResponse {
            runs: runs.iter().map(run).collect(),
        })
    }

    async fn begin(&self) -> Result<wire::BeginLifeCycleRunResponse, Error> {
        let begun = self.accounts.expiry.run_now(&operator()).await?;
        Ok(wire::BeginLifeCycleRunResponse { already: !begun })
    }
}

fn ending(due: Due) -> wire::EndingPerson {
    wire::EndingPerson {
        user_id: due.person.to_string(),
        display_name: due.display_name,
        role: due.role.as_str().to_owned(),
        ends_on: due.ends_on.to_string(),
        reminded_at: due.reminded_at.map_or(0, Timestamp::as_second),
    }
}

fn dormant(person: Dormant) -> wire::DormantPerson {
    wire::DormantPerson {
        username: person.username,
        display_name: person.display_name,
        role: person.role.as_str().to_owned(),
        seen_at: person.seen_at.map_or(0, Timestamp::as_second),
    }
}

fn run(run: &Run) -> wire::LifeCycleRun {
    wire::LifeCycleRun {
        run_id: run.id.to_string(),
        by_hand: run.by_hand,
        begun_at: run.begun_at.as_second(),
        ended_at: run.ended_at.map_or(0, Timestamp::as_second),
        reminded: run.reminded,
        expired: run.expired,
        trashed: run.trashed,
        refused: run.refused,
    }
}

#[tonic::async_trait]
impl LifeCycleService for LifeCycle {
    async fn list_ending(
        &self,
        _request: Request<wire::ListEndingRequest>,
    ) -> grpc::Answer<wire::ListEndingResponse> {
        answered(self.ending().await)
    }

    async fn list_dormant(
        &self,
        request: Request<wire::ListDormantRequest>,
    ) -> grpc::Answer<wire::ListDormantResponse> {
        answered(self.dormant(request.get_ref()).await)
    }

    async fn list_life_cycle_runs(
        &self,
        _request: Request<wire::ListLifeCycleRunsRequest>,
    ) -> grpc::Answer<wire::ListLifeCycleRunsResponse> {
        answered(self.runs().await)
    }

    async fn begin_life_cycle_run(
        &self,
        _request: Request<wire::BeginLifeCycleRunRequest>,
    ) -> grpc::Answer<wire::BeginLifeCycleRunResponse> {
        answered(self.begin().await)
    }
}
