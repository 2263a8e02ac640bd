//! Interleaved rounds: in each, every subject is measured once, so that a machine that drifts does so for all.

use std::time::Duration;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::bed::{Bed, Seat};
use crate::cases::{Case, Subjects, Traffic, Upstream};
use crate::peers::Peer;
use crate::sample::{Asker, Sample};
use crate::subject::{self, Build, Platform};

/// What takes the proxy's place.
#[derive(Clone, Debug)]
pub(crate) enum Occupant {
    /// The origin itself.
    Direct,
    Peer(Peer),
    Gateway(Build),
}

/// One line of a table.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// Set for the gateway.
    #[serde(skip)]
    pub(crate) upstream: Option<Upstream>,
    #[serde(skip)]
    seat: usize,
    signed_in: bool,
    /// By round; `None` where the subject does not speak what the case needs.
    pub(crate) samples: Vec<Option<Sample>>,
}

/// All rows of a case.
#[derive(Debug, Serialize)]
pub(crate) struct Measured {
    pub(crate) case: &'static str,
    #[serde(skip)]
    pub(crate) about: &'static Case,
    pub(crate) rows: Vec<Row>,
}

/// Everything that is measured, running.
pub(crate) struct Rounds {
    pub(crate) bed: Bed,
    platform: Platform,
    seats: Vec<(Occupant, Seat)>,
    seconds: Duration,
    count: usize,
}

impl Occupant {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Direct => "direct",
            Self::Peer(peer) => peer.name(),
            Self::Gateway(build) => &build.name,
        }
    }

    async fn start(&self, bed: &Bed, platform: &Platform) -> Result<Seat> {
        match self {
            Self::Direct => bed.direct().await,
            Self::Peer(peer) => peer.start(bed).await,
            Self::Gateway(build) => platform.gateway(bed, build).await,
        }
    }
}

impl Rounds {
    /// Starts all of them. What cannot be started is told and left out.
    pub(crate) async fn start(
        bed: Bed,
        occupants: Vec<Occupant>,
        seconds: Duration,
        count: usize,
    ) -> Result<Self> {
        let platform = Platform::start(&bed).await.context("the platform")?;
        let mut seats = Vec::new();
        for occupant in occupants {
            match occupant.start(&bed, &platform).await {
                Ok(seat) => seats.push((occupant, seat)),
                Err(error) => eprintln!("left out {}: {error:#}", occupant.name()),
            }
        }
        Ok(Self {
            bed,
            platform,
            seats,
            seconds,
            count,
        })
    }

    /// Runs one case.
    pub(crate) async fn run(&mut self, case: &'static Case) -> Result<Measured> {
        let mut rows = self.rows(case);
        for round in 0..self.count {
            // Nobody always comes after the same neighbour's noise at the same place.
            let start = if rows.is_empty() {
                0
            } else {
                round % rows.len()
            };
            let (head, tail) = rows.split_at_mut(start);
            for row in tail.iter_mut().chain(head) {
                let sample = self.sample(case, row).await;
                let sample = sample.with_context(|| format!("{} in {}", row.name, case.name))?;
                row.samples.push(sample);
            }
        }
        Ok(Measured {
            case: case.name,
            about: case,
            rows,
        })
    }

    /// Ends all of them.
    pub(crate) async fn stop(self) {
        for (_, seat) in self.seats {
            seat.process.stop().await;
        }
    }

    async fn sample(&mut self, case: &Case, row: &Row) -> Result<Option<Sample>> {
        if matches!(case.traffic, Traffic::Idle { .. }) && row.seat < self.seats.len() {
            // What memory it takes is only to be seen before it has done anything else.
            let (occupant, seat) = self.seats.remove(row.seat);
            seat.process.stop().await;
            let fresh = occupant.start(&self.bed, &self.platform).await?;
            self.seats.insert(row.seat, (occupant, fresh));
        }
        let Some((_, seat)) = self.seats.get(row.seat) else {
            return Ok(None);
        };
        let cookie = self.platform.cookie();
        let asker = Asker {
            cores: self.bed.cores,
            seat,
            prefix: match row.upstream {
                Some(Upstream::Unix) => subject::UNIX,
                _ => subject::TCP,
            },
            cookie: row.signed_in.then_some(cookie.as_str()),
            seconds: self.seconds,
        };
        asker.measure(case.traffic).await
    }

    fn rows(&self, case: &Case) -> Vec<Row> {
        let mut rows = Vec::new();
        for (seat, (occupant, _)) in self.seats.iter().enumerate() {
            let name = occupant.name();
            let row = |suffix: &str, upstream, signed_in| Row {
                name: format!("{name}{suffix}"),
                upstream,
                seat,
                signed_in,
                samples: Vec::new(),
            };
            let idle = matches!(case.traffic, Traffic::Idle { .. });
            match (occupant, case.subjects) {
                (Occupant::Gateway(_), _) if idle => {
                    rows.push(row("", Some(Upstream::Tcp), false));
                }
                (Occupant::Gateway(_), Subjects::All) => {
                    rows.push(row("", Some(Upstream::Tcp), false));
                    rows.push(row(", unix", Some(Upstream::Unix), false));
                }
                (Occupant::Gateway(_), Subjects::Sessions) => {
                    rows.push(row("", Some(Upstream::Tcp), false));
                    rows.push(row(", signed in", Some(Upstream::Tcp), true));
                    rows.push(row(", unix", Some(Upstream::Unix), false));
                    rows.push(row(", unix, signed in", Some(Upstream::Unix), true));
                }
                (Occupant::Direct, Subjects::All) if idle => {}
                (_, Subjects::All) => rows.push(row("", None, false)),
                (_, Subjects::Sessions) => {}
            }
        }
        rows
    }
}

impl Row {
    pub(crate) fn is_signed_in(&self) -> bool {
        self.signed_in
    }

    /// Whether both are of the same gateway over the same kind of connection.
    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        self.seat == other.seat && self.upstream == other.upstream
    }
}
