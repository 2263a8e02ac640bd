//! `cloud.accounts.v1.DirectoriesService`: what `cloud directory` asks.

use jiff::Timestamp;
use rpc::accounts::v1 as wire;
use rpc::accounts::v1::directories_service_server::DirectoriesService;
use tonic::Request;
use uuid::Uuid;

use super::operating::operator;
use crate::Accounts;
use crate::domain::source::{Directory, Run};
use crate::domain::sync::plan::{Conflict, GroupStep, PersonStep, Plan, Reason};
use crate::error::Error;
use crate::grpc::{self, answered};
use crate::service::directories::Asked;

/// The service.
#[derive(Debug)]
pub struct Directories {
    accounts: Accounts,
}

impl Directories {
    /// Over the use cases of this app.
    pub fn new(accounts: Accounts) -> Self {
        Self { accounts }
    }

    async fn by_name(&self, name: &str) -> Result<Directory, Error> {
        let name = name.trim().to_lowercase();
        let all = self.accounts.directories.list().await?;
        all.into_iter()
            .find(|directory| directory.settings.name.as_str().to_lowercase() == name)
            .ok_or(Error::DirectoryNotFound)
    }

    async fn list(&self) -> Result<wire::ListDirectoriesResponse, Error> {
        let mut directories = Vec::new();
        for found in self.accounts.directories.list().await? {
            let runs = self.accounts.directories.runs(found.id).await?;
            directories.push(directory(found, runs.into_iter().next()));
        }
        Ok(wire::ListDirectoriesResponse { directories })
    }

    async fn runs(&self, name: &str) -> Result<wire::ListDirectoryRunsResponse, Error> {
        let id = self.by_name(name).await?.id;
        let runs = self.accounts.directories.runs(id).await?;
        Ok(wire::ListDirectoryRunsResponse {
            runs: runs.into_iter().map(run).collect(),
        })
    }

    async fn show(
        &self,
        request: &wire::GetDirectoryRunRequest,
    ) -> Result<wire::GetDirectoryRunResponse, Error> {
        let id = self.by_name(&request.directory).await?.id;
        let which = run_id(&request.run_id)?;
        let runs = self.accounts.directories.runs(id).await?;
        let found = runs.into_iter().find(|found| found.id == which);
        let found = found.ok_or(Error::RunNotFound)?;
        let plan = self.accounts.directories.plan(id, which).await?;
        Ok(wire::GetDirectoryRunResponse {
            run: Some(run(found)),
            steps: steps(plan.unwrap_or_default()),
        })
    }

    async fn begin(&self, request: &wire::BeginDirectoryRunRequest) -> Result<(), Error> {
        let id = self.by_name(&request.directory).await?.id;
        let directories = &self.accounts.directories;
        match directories.ask(&operator(), id, request.preview).await? {
            Asked::Running => Err(Error::RunUnderWay),
            Asked::Done | Asked::Stale => Ok(()),
        }
    }

    async fn decide(&self, request: &wire::DecideDirectoryRunRequest) -> Result<(), Error> {
        let id = self.by_name(&request.directory).await?.id;
        let which = (id, run_id(&request.run_id)?, request.digest.as_slice());
        let directories = &self.accounts.directories;
        match directories
            .decide(&operator(), which, request.approve)
            .await?
        {
            Asked::Done => Ok(()),
            Asked::Running | Asked::Stale => Err(Error::NotThatRun),
        }
    }
}

fn run_id(text: &str) -> Result<Uuid, Error> {
    text.parse().map_err(|_| Error::RunNotFound)
}

fn directory(found: Directory, last: Option<Run>) -> wire::OperatedDirectory {
    let settings = found.settings;
    wire::OperatedDirectory {
        directory_id: found.id.to_string(),
        name: settings.name.to_string(),
        server: format!("{}:{}", settings.host, settings.port),
        security: settings.security.as_str().to_owned(),
        every_minutes: settings.every_minutes.into(),
        last_run: last.map(run),
    }
}

fn run(run: Run) -> wire::OperatedRun {
    let count = |steps: usize| u32::try_from(steps).unwrap_or(u32::MAX);
    let counts = run.counts;
    let failure = [run.failure.step, run.failure.why, run.failure.about];
    let failure: Vec<String> = failure
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect();
    wire::OperatedRun {
        run_id: run.id.to_string(),
        state: run.state.as_str().to_owned(),
        started_at: run.started_at.as_second(),
        finished_at: run.finished_at.map_or(0, Timestamp::as_second),
        people: run.found.0,
        groups: run.found.1,
        created: count(counts.created),
        updated: count(counts.updated),
        suspended: count(counts.suspended),
        reinstated: count(counts.reinstated),
        groups_changed: count(
            counts.groups_created + counts.groups_changed + counts.groups_emptied,
        ),
        conflicts: count(counts.conflicts),
        refused: count(counts.refused),
        failure: failure.join(": "),
        digest: run.digest.unwrap_or_default(),
    }
}

fn steps(plan: Plan) -> Vec<wire::OperatedStep> {
    let people = plan.people.into_iter().map(of_person);
    let groups = plan.groups.into_iter().map(of_group);
    people
        .chain(groups)
        .chain(plan.conflicts.into_iter().map(of_conflict))
        .collect()
}

fn of_person(step: PersonStep) -> wire::OperatedStep {
    let reason = step.reason.map(|reason: Reason| reason.as_str().to_owned());
    let fields = step.fields.into_iter();
    let fields =
        fields.map(|change| format!("{}: {:?} to {:?}", change.field, change.from, change.to));
    wire::OperatedStep {
        about: "person".to_owned(),
        action: step.deed.as_str().to_owned(),
        name: step.name,
        entry: step.entry,
        changes: reason.into_iter().chain(fields).collect(),
    }
}

fn of_group(step: GroupStep) -> wire::OperatedStep {
    let renamed = step.renamed_from.map(|name| format!("was called {name:?}"));
    let moved = [(step.adds.len(), "come in"), (step.removes.len(), "leave")];
    let moved = moved.into_iter().filter(|(count, _)| *count > 0);
    wire::OperatedStep {
        about: "group".to_owned(),
        action: step.deed.as_str().to_owned(),
        name: step.name,
        entry: step.entry,
        changes: renamed
            .into_iter()
            .chain(moved.map(|(count, what)| format!("{count} {what}")))
            .collect(),
    }
}

fn of_conflict(conflict: Conflict) -> wire::OperatedStep {
    let holder = conflict.holder.map(|(_, name)| format!("held by {name}"));
    wire::OperatedStep {
        about: "conflict".to_owned(),
        action: conflict.obstacle.as_str().to_owned(),
        name: conflict.name,
        entry: conflict.entry,
        changes: holder.into_iter().collect(),
    }
}

#[tonic::async_trait]
impl DirectoriesService for Directories {
    async fn list_directories(
        &self,
        _request: Request<wire::ListDirectoriesRequest>,
    ) -> grpc::Answer<wire::ListDirectoriesResponse> {
        answered(self.list().await)
    }

    async fn list_directory_runs(
        &self,
        request: Request<wire::ListDirectoryRunsRequest>,
    ) -> grpc::Answer<wire::ListDirectoryRunsResponse> {
        answered(self.runs(&request.get_ref().directory).await)
    }

    async fn get_directory_run(
        &self,
        request: Request<wire::GetDirectoryRunRequest>,
    ) -> grpc::Answer<wire::GetDirectoryRunResponse> {
        answered(self.show(request.get_ref()).await)
    }

    async fn begin_directory_run(
        &self,
        request: Request<wire::BeginDirectoryRunRequest>,
    ) -> grpc::Answer<wire::BeginDirectoryRunResponse> {
        let begun = self.begin(request.get_ref()).await;
        answered(begun.map(|()| wire::BeginDirectoryRunResponse {}))
    }

    async fn decide_directory_run(
        &self,
        request: Request<wire::DecideDirectoryRunRequest>,
    ) -> grpc::Answer<wire::DecideDirectoryRunResponse> {
        let decided = self.decide(request.get_ref()).await;
        answered(decided.map(|()| wire::DecideDirectoryRunResponse {}))
    }
}
