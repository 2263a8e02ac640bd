//! One measurement of one subject: sends the load, and reads what the proxy used meanwhile.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Serialize;
use tokio::time::sleep;

use crate::bed::{Cores, Seat};
use crate::cases::{Http, Traffic};
use crate::load::{Outcome, Plan};
use crate::process::{Output, Process, on_core};
use crate::request::Head;
use crate::usage;

/// Sent before what is measured.
const WARM_UP: Duration = Duration::from_millis(400);
/// Between the last connection and the look at the memory.
const SETTLE: Duration = Duration::from_secs(1);

/// What was measured of a subject in one round.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Sample {
    pub(crate) requests: u64,
    pub(crate) failures: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_failure: Option<String>,
    /// Requests per second.
    pub(crate) rate: f64,
    /// Microseconds of the proxy's time per request.
    pub(crate) cpu: Option<f64>,
    pub(crate) p50: Option<f64>,
    pub(crate) p99: Option<f64>,
    pub(crate) p999: Option<f64>,
    /// Share of the load's core that was busy.
    pub(crate) load_busy: f64,
    /// Share of the proxy's core that was busy with something else.
    pub(crate) others: f64,
    /// MiB.
    pub(crate) idle_memory: Option<f64>,
    /// KiB.
    pub(crate) memory_per_connection: Option<f64>,
}

/// Where and as whom to ask.
pub(crate) struct Asker<'a> {
    pub(crate) cores: Cores,
    pub(crate) seat: &'a Seat,
    pub(crate) prefix: &'a str,
    pub(crate) cookie: Option<&'a str>,
    pub(crate) seconds: Duration,
}

/// Times at one moment.
struct Clocks {
    proxy: u64,
    proxy_core: f64,
    load_core: f64,
}

impl Asker<'_> {
    /// Measures; `None` when the subject does not speak what the case needs.
    pub(crate) async fn measure(&self, traffic: Traffic) -> Result<Option<Sample>> {
        match traffic {
            Traffic::Http(http) => self.load(&self.http(http)).await.map(Some),
            Traffic::Frames { connections, size } => {
                self.load(&self.frames(connections, size)).await.map(Some)
            }
            Traffic::H2c {
                connections,
                streams,
            } => match self.seat.h2c {
                Some(address) => self.h2c(address, connections, streams).await.map(Some),
                None => Ok(None),
            },
            Traffic::Idle { connections } => self.idle(connections).await.map(Some),
            Traffic::Elsewhere => Ok(None),
        }
    }

    fn head(&self, method: &str, path: &str) -> Head {
        let path = format!("{}/{path}", self.prefix);
        let head = Head::new(method, &path, self.seat.address);
        match self.cookie {
            Some(cookie) => head.with("Cookie", cookie),
            None => head,
        }
    }

    fn plan(&self, connections: usize, head: Head) -> Plan {
        Plan {
            address: self.seat.address,
            connections,
            head: head.finish(),
            body: 0,
            rate: None,
            reconnect: false,
            frames: None,
            warm_up: WARM_UP,
            measure: self.seconds,
        }
    }

    fn http(&self, http: Http) -> Plan {
        let signed = self.cookie.is_some() && http.path == "small";
        // There the origin answers only who is signed in.
        let path = if signed { "signed" } else { http.path };
        let mut head = self.head(http.method, path);
        if http.browser {
            head = head.with_browser();
        }
        if http.body > 0 {
            head = head.with_body(http.body);
        }
        if http.reconnect {
            head = head.with("Connection", "close");
        }
        Plan {
            body: http.body,
            rate: http.rate,
            reconnect: http.reconnect,
            ..self.plan(http.connections, head)
        }
    }

    fn frames(&self, connections: usize, size: usize) -> Plan {
        let head = self.head("GET", "socket").with_upgrade(self.seat.address);
        Plan {
            frames: Some(size),
            ..self.plan(connections, head)
        }
    }

    async fn load(&self, plan: &Plan) -> Result<Sample> {
        let mut command = on_core(self.cores.load, std::env::current_exe()?);
        command.args(["load", &serde_json::to_string(plan)?]);
        let mut load = Process::start(command, Output::Read)?;
        // It prints one line when the measured time begins and one when it has ended.
        load.line().await?;
        let before = self.clocks()?;
        let line = load.line().await?;
        let after = self.clocks()?;
        let outcome: Outcome = serde_json::from_str(&line)?;
        load.stop().await;
        Ok(Sample {
            failures: outcome.failures,
            first_failure: outcome.first_failure,
            p50: outcome.p50,
            p99: outcome.p99,
            p999: outcome.p999,
            ..Sample::between(&before, &after, outcome.requests, outcome.seconds)
        })
    }

    async fn h2c(&self, address: SocketAddr, connections: usize, streams: usize) -> Result<Sample> {
        let url = format!("http://{address}{}/small", self.prefix);
        let run = async |time: String| {
            let mut command = on_core(self.cores.load, "h2load");
            command.args(["-t", "1", "-c", &connections.to_string()]);
            command.args(["-m", &streams.to_string(), "-D", &time, &url]);
            let output = command.output().await.context("h2load")?;
            Ok::<_, anyhow::Error>(String::from_utf8_lossy(&output.stdout).into_owned())
        };
        run(format!("{}ms", WARM_UP.as_millis())).await?;
        let before = self.clocks()?;
        let said = run(format!("{}ms", self.seconds.as_millis())).await?;
        let after = self.clocks()?;
        let (done, failed) = requests(&said).with_context(|| format!("h2load said: {said}"))?;
        if done == 0 {
            bail!("h2load got no answer: {said}");
        }
        Ok(Sample {
            failures: failed,
            ..Sample::between(&before, &after, done, self.seconds.as_secs_f64())
        })
    }

    async fn idle(&self, connections: usize) -> Result<Sample> {
        let pid = self.seat.process.pid();
        sleep(SETTLE).await;
        let idle = usage::memory(pid)?;
        let mut command = on_core(self.cores.load, std::env::current_exe()?);
        command.args([
            "idle",
            &self.seat.address.to_string(),
            &connections.to_string(),
        ]);
        command.arg(self.head("GET", "small").finish());
        let mut load = Process::start(command, Output::Read)?;
        load.line().await?;
        sleep(SETTLE).await;
        let with = usage::memory(pid)?;
        load.close_input();
        let open: u32 = load.line().await?.parse()?;
        load.stop().await;
        Ok(Sample {
            requests: u64::from(open),
            failures: (connections as u64).saturating_sub(u64::from(open)),
            idle_memory: Some(lossy(idle) / 1024.0 / 1024.0),
            memory_per_connection: Some(
                lossy(with.saturating_sub(idle)) / 1024.0 / f64::from(open.max(1)),
            ),
            ..Sample::default()
        })
    }

    fn clocks(&self) -> Result<Clocks> {
        Ok(Clocks {
            proxy: usage::time(self.seat.process.pid())?,
            proxy_core: usage::busy(self.cores.proxy)?,
            load_core: usage::busy(self.cores.load)?,
        })
    }
}

impl Sample {
    fn between(before: &Clocks, after: &Clocks, requests: u64, seconds: f64) -> Self {
        let used = lossy(after.proxy.saturating_sub(before.proxy)) / 1e9;
        let on_core = after.proxy_core - before.proxy_core;
        Self {
            requests,
            rate: lossy(requests) / seconds,
            cpu: (requests > 0).then(|| used * 1e6 / lossy(requests)),
            load_busy: (after.load_core - before.load_core) / seconds,
            others: ((on_core - used) / seconds).max(0.0),
            ..Self::default()
        }
    }
}

/// Requests that succeeded and that did not, from what h2load prints.
fn requests(said: &str) -> Option<(u64, u64)> {
    let line = said
        .lines()
        .find_map(|line| line.strip_prefix("requests: "))?;
    let count = |what: &str| {
        let part = line.split(", ").find_map(|part| part.strip_suffix(what))?;
        part.trim().parse::<u64>().ok()
    };
    Some((count("succeeded")?, count("failed")? + count("errored")?))
}

#[allow(clippy::cast_precision_loss, reason = "figures far below 2^52")]
fn lossy(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::requests;

    #[test]
    fn what_h2load_prints_is_understood() {
        let said = "finished in 3.00s, 20.00 req/s\n\
            requests: 64 total, 62 started, 61 done, 60 succeeded, 1 failed, 2 errored, 0 timeout\n";
        assert_eq!(requests(said), Some((60, 3)));
        assert_eq!(requests("unable to connect"), None);
    }
}
