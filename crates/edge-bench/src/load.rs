//! The client side: one thread that keeps a fixed number of requests in flight, or sends at a fixed rate, and times
//! each answer. Runs as a process of its own; prints `begin` when the measured time begins and one line of JSON at
//! its end.

use std::collections::VecDeque;
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, timerfd_create, timerfd_settime,
};
use serde::{Deserialize, Serialize};

use crate::histogram::Histogram;
use crate::reactor::{Interest, Reactor};

mod connection;
pub(crate) mod idle;
mod reply;

use connection::{Connection, Event};

/// Token of the timer; connections count from nought.
const TIMER: usize = usize::MAX;
/// Longest wait before the clock is looked at again.
const TURN: Duration = Duration::from_millis(20);
/// Bytes read at once.
const BUFFER: usize = 256 * 1024;
/// Failures after which there is nothing to measure.
const MOST_FAILURES: u64 = 1000;

/// What to send, and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) address: SocketAddr,
    pub(crate) connections: usize,
    /// Head of each request, up to and with the empty line. With `frames`, of the handshake.
    pub(crate) head: String,
    /// Bytes of body after the head.
    pub(crate) body: usize,
    /// Requests per second, timed from when each should have been sent; as fast as answers come when not set.
    pub(crate) rate: Option<u32>,
    /// A new connection for each request.
    pub(crate) reconnect: bool,
    /// After the handshake, WebSocket messages of this size instead of requests.
    pub(crate) frames: Option<usize>,
    pub(crate) warm_up: Duration,
    pub(crate) measure: Duration,
}

/// What came of it in the measured time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) requests: u64,
    pub(crate) failures: u64,
    pub(crate) first_failure: Option<String>,
    pub(crate) seconds: f64,
    pub(crate) p50: Option<f64>,
    pub(crate) p99: Option<f64>,
    pub(crate) p999: Option<f64>,
}

/// Runs a plan and tells on standard output.
pub(crate) fn run(plan: &Plan) -> Result<()> {
    let outcome = Load::new(plan)?.run()?;
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(())
}

struct Load<'a> {
    plan: &'a Plan,
    reactor: Reactor,
    connections: Vec<Connection>,
    /// Connections without a request, the one used last on top.
    idle: Vec<usize>,
    /// Requests that are due and wait for a connection.
    backlog: VecDeque<Instant>,
    pace: Option<Pace>,
    times: Histogram,
    outcome: Outcome,
}

/// When requests are due.
struct Pace {
    timer: OwnedFd,
    every: Duration,
    next: Instant,
}

impl<'a> Load<'a> {
    fn new(plan: &'a Plan) -> Result<Self> {
        let mut load = Self {
            plan,
            reactor: Reactor::new()?,
            connections: Vec::new(),
            idle: Vec::new(),
            backlog: VecDeque::new(),
            pace: None,
            times: Histogram::new(),
            outcome: Outcome::default(),
        };
        for token in 0..plan.connections {
            let connection = Connection::open(plan, token, &load.reactor)
                .with_context(|| format!("connecting to {}", plan.address))?;
            load.connections.push(connection);
            load.idle.push(token);
        }
        if let Some(rate) = plan.rate {
            let pace = Pace::new(rate)?;
            load.reactor.add(&pace.timer, TIMER, Interest::Read)?;
            load.pace = Some(pace);
        }
        Ok(load)
    }

    fn run(mut self) -> Result<Outcome> {
        let mut ready = Vec::new();
        let mut buffer = vec![0; BUFFER];
        let mut begun = None;
        let start = Instant::now();
        self.send_due(start);
        loop {
            self.reactor.wait(&mut ready, Some(TURN))?;
            for &token in &ready {
                self.turn(token, &mut buffer)?;
            }
            let now = Instant::now();
            self.send_due(now);
            match begun {
                None if now - start >= self.plan.warm_up => {
                    ensure!(self.outcome.requests > 0, "no answer: {:?}", self.outcome);
                    self.outcome = Outcome::default();
                    self.times.clear();
                    begun = Some(now);
                    println!("begin");
                    std::io::stdout().flush()?;
                }
                Some(begun) if now - begun >= self.plan.measure => {
                    return Ok(self.finish(now - begun));
                }
                _ => {}
            }
        }
    }

    fn finish(mut self, took: Duration) -> Outcome {
        self.outcome.seconds = took.as_secs_f64();
        self.outcome.p50 = self.times.quantile(0.5);
        self.outcome.p99 = self.times.quantile(0.99);
        self.outcome.p999 = self.times.quantile(0.999);
        self.outcome
    }

    fn turn(&mut self, token: usize, buffer: &mut [u8]) -> Result<()> {
        if token == TIMER {
            let Some(pace) = &self.pace else {
                return Ok(());
            };
            let mut count = [0; 8];
            // What is due is told by the clock; this only silences the timer.
            rustix::io::read(&pace.timer, &mut count)?;
            return Ok(());
        }
        let Some(connection) = self.connections.get_mut(token) else {
            return Ok(());
        };
        match connection.turn(&self.reactor, buffer) {
            Ok(Event::Nothing) => {}
            Ok(Event::Ready) => self.idle.push(token),
            Ok(Event::Answered(time)) => {
                self.times.record(time);
                self.outcome.requests += 1;
                if !self.plan.reconnect {
                    self.idle.push(token);
                }
            }
            Ok(Event::Closed) => self.reopen(token)?,
            Err(error) => {
                self.outcome.failures += 1;
                self.outcome
                    .first_failure
                    .get_or_insert_with(|| error.to_string());
                if self.outcome.failures > MOST_FAILURES {
                    bail!(
                        "{MOST_FAILURES} failures, the first: {:?}",
                        self.outcome.first_failure
                    );
                }
                self.reopen(token)?;
            }
        }
        Ok(())
    }

    fn reopen(&mut self, token: usize) -> Result<()> {
        self.idle.retain(|idle| *idle != token);
        if let Some(connection) = self.connections.get_mut(token) {
            *connection = Connection::open(self.plan, token, &self.reactor)?;
            self.idle.push(token);
        }
        Ok(())
    }

    /// Sends on idle connections what is due.
    fn send_due(&mut self, now: Instant) {
        if let Some(pace) = &mut self.pace {
            while pace.next <= now {
                self.backlog.push_back(pace.next);
                pace.next += pace.every;
            }
        }
        while let Some(token) = self.idle.pop() {
            let due = match self.pace {
                Some(_) => self.backlog.pop_front(),
                None => Some(now),
            };
            let Some(due) = due else {
                self.idle.push(token);
                return;
            };
            if let Some(connection) = self.connections.get_mut(token) {
                connection.send(due, &self.reactor);
            }
        }
    }
}

impl Pace {
    fn new(rate: u32) -> Result<Self> {
        let every = Duration::from_secs(1) / rate;
        let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::CLOEXEC)?;
        let interval = every.try_into()?;
        let schedule = Itimerspec {
            it_interval: interval,
            it_value: interval,
        };
        timerfd_settime(&timer, TimerfdTimerFlags::empty(), &schedule)?;
        Ok(Self {
            timer,
            every,
            next: Instant::now() + every,
        })
    }
}
