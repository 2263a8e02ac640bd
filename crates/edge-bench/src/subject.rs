//! The gateway as its operators run it, as a black box: a process of its own with environment variables, a private
//! Redis with signed leases of the origin, and an auth that knows one session.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use platform::Clock;
use registry::{
    AppId, AppSecret, Entry, HostId, InstanceId, Keyring, Lease, LeaseTiming, PrefixPolicy,
    UnixAddress,
};

use crate::auth::Auth;
use crate::bed::{Bed, Seat};
use crate::probe::{self, free_address};
use crate::process::{Output, Process, on_core};
use crate::request::Head;

/// Below this prefix the origin is asked over TCP.
pub(crate) const TCP: &str = "/app/bench";
/// Below this one over its Unix socket.
pub(crate) const UNIX: &str = "/app/benchunix";
/// Largest body an app here takes, above what is sent.
const BODY: u64 = 8 * 1024 * 1024;

/// A gateway program to measure.
#[derive(Clone, Debug)]
pub(crate) struct Build {
    pub(crate) name: String,
    pub(crate) program: PathBuf,
    /// Further environment variables.
    pub(crate) variables: Vec<(String, String)>,
}

/// What a gateway needs around it.
pub(crate) struct Platform {
    secret: String,
    url: String,
    auth: Auth,
    _leases: Vec<Lease>,
    _redis: Process,
}

impl Platform {
    pub(crate) async fn start(bed: &Bed) -> Result<Self> {
        let folder = bed.folder("redis")?;
        let socket = folder.join("redis.sock");
        let mut command = on_core(bed.cores.load, "redis-server");
        command.args(["--port", "0", "--save", "", "--appendonly", "no"]);
        command
            .arg("--unixsocket")
            .arg(&socket)
            .arg("--dir")
            .arg(&folder);
        let redis = Process::start(command, Output::Dropped)?;
        let url = format!("redis+unix://{}", socket.display());
        let secret = random_secret()?;
        let keyring = Keyring::Secret(AppSecret::new(&secret)?);
        while !socket.exists() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let auth = Auth::start(&url, &AppSecret::new(&secret)?).await?;
        let mut leases = Vec::new();
        for (prefix, socket) in [(TCP, None), (UNIX, Some(bed.socket.as_path()))] {
            let entry = entry(bed, prefix, socket)?;
            let client = registry::connect(&url).await?;
            let timing = LeaseTiming::default();
            leases.push(Lease::register(client, keyring.clone(), entry, timing).await?);
        }
        Ok(Self {
            secret,
            url,
            auth,
            _leases: leases,
            _redis: redis,
        })
    }

    /// The Cookie header of somebody who is signed in.
    pub(crate) fn cookie(&self) -> String {
        format!("cloud={}", self.auth.token())
    }

    /// Starts a gateway on the core for proxies and waits until it serves and knows who is asking.
    pub(crate) async fn gateway(&self, bed: &Bed, build: &Build) -> Result<Seat> {
        let address = free_address()?;
        let state = bed.folder(&build.name)?;
        let mut command = on_core(bed.cores.proxy, &build.program);
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("APP_SECRET", &self.secret)
            .env("APP_URL", format!("http://{address}"))
            .env("HOST", address.ip().to_string())
            .env("PORT", address.port().to_string())
            .env("REDIS_URL", &self.url)
            .env("GATEWAY_STATE_DIR", state)
            .env("GATEWAY_WORKERS", "1")
            // One person sends everything.
            .env("GATEWAY_RATE_PERSON", "1000000")
            .env("GATEWAY_RATE_PERSON_BURST", "1000000")
            .envs(build.variables.iter().cloned())
            // Its log, with a line for each request.
            .stderr(Stdio::null());
        let mut process = Process::start(command, Output::Dropped)?;
        for (path, cookie) in [
            (format!("{TCP}/small"), None),
            (format!("{UNIX}/small"), None),
            (format!("{TCP}/signed"), Some(self.cookie())),
        ] {
            let head = Head::new("GET", &path, address);
            let head = match cookie {
                Some(cookie) => head.with("Cookie", &cookie),
                None => head,
            };
            probe::serves(&mut process, address, &head.finish())
                .await
                .with_context(|| format!("{} at {path}", build.name))?;
        }
        Ok(Seat {
            process,
            address,
            h2c: Some(address),
        })
    }
}

fn entry(bed: &Bed, prefix: &str, socket: Option<&Path>) -> Result<Entry> {
    let id = AppId::new(prefix.trim_start_matches("/app/"))?;
    let start = Clock::system().now();
    let http = format!("http://{}", bed.origin);
    let mut entry = Entry::new(id, InstanceId::random(), start, http);
    entry.prefixes = vec![prefix.to_owned()];
    entry.unix = socket.map(|path| UnixAddress {
        path: path.display().to_string(),
        host_id: HostId::of_this_machine(),
    });
    entry.policy = vec![PrefixPolicy {
        prefix: prefix.to_owned(),
        body_limit: Some(BODY),
        ..PrefixPolicy::default()
    }];
    Ok(entry)
}

fn random_secret() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
