//! Tries a source step by step, and says how far it gets.

use crate::connection::{Connection, Pace, connect, resolve};
use crate::error::{Error, Step};
use crate::limits::Limits;
use crate::read::{groups_of, people_of};
use crate::search::{Search, first_page, search};
use crate::server::Source;

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It went well.
    Passed,
    /// So many were found; with `true` these are only the first.
    Found(usize, bool),
    /// It went wrong, and the steps after it were not tried.
    Failed(Error),
    /// An earlier step went wrong, or the source does not ask for it.
    NotTried,
}

/// What came of every step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe(Vec<(Step, Outcome)>);

impl Probe {
    /// All steps in the order they are taken.
    pub fn steps(&self) -> &[(Step, Outcome)] {
        &self.0
    }

    /// What went wrong.
    pub fn failure(&self) -> Option<&Error> {
        self.0.iter().find_map(|(_, outcome)| match outcome {
            Outcome::Failed(error) => Some(error),
            _ => None,
        })
    }
}

/// Connects, signs in, looks whether the bases are there, and reads the first page of people and groups.
pub async fn probe(source: &Source, limits: &Limits) -> Probe {
    let mut passed = Vec::new();
    let failure = walk(source, limits, &mut passed).await.err();
    // An error names its own step: a base that is missing shows when people are read.
    let failed = failure.as_ref().map(|error| error.step);
    let outcome = |step| {
        let met = passed.iter().find(|(met, _)| *met == step);
        match (&failure, met) {
            (Some(error), _) if failed == Some(step) => Outcome::Failed(error.clone()),
            (_, Some((_, outcome))) => outcome.clone(),
            (_, None) => Outcome::NotTried,
        }
    };
    Probe(
        Step::ALL
            .into_iter()
            .map(|step| (step, outcome(step)))
            .collect(),
    )
}

async fn walk(
    source: &Source,
    limits: &Limits,
    passed: &mut Vec<(Step, Outcome)>,
) -> Result<(), Error> {
    let pace = Pace::new(limits);
    let addresses = resolve(&source.server, pace).await?;
    passed.push((Step::Resolve, Outcome::Passed));
    let stream = connect(&source.server, &addresses, pace).await?;
    passed.push((Step::Connect, Outcome::Passed));
    let mut open = Connection::secure(&source.server, stream, pace, limits.message).await?;
    passed.push((Step::Secure, Outcome::Passed));
    if let Some(account) = &source.bind {
        open.bind(account).await?;
    }
    passed.push((Step::Bind, Outcome::Passed));
    for place in [Some(&source.people), source.groups.as_ref()]
        .into_iter()
        .flatten()
    {
        search(&mut open, &Search::base(place), limits, |_| Ok(())).await?;
    }
    passed.push((Step::Base, Outcome::Passed));
    let searches = [Some(people_of(source)), groups_of(source)];
    for looked_for in searches.into_iter().flatten() {
        let (count, more) = first_page(&mut open, &looked_for, limits).await?;
        passed.push((looked_for.step, Outcome::Found(count, more)));
    }
    open.close().await;
    Ok(())
}
