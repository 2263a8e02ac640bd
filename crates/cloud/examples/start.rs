//! How soon the platform answers, and what it weighs idle: `cargo xtask bench start [-- RUNS]`.
//!
//! PostgreSQL and Redis are up already. The first start is on an empty database and includes every migration;
//! the others are on the migrated one. The clock runs from exec to the first 200 of the sign-in page.
#![allow(clippy::print_stdout, reason = "a measurement is printed")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use embedded::{DataDir, Postgres, PostgresOptions, Redis, RedisOptions};
use testkit::measure::{Times, resident_mib};

const RUNS: usize = 10;
/// Rest before the memory is read.
const REST: Duration = Duration::from_secs(30);
/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(5);

#[tokio::main]
async fn main() -> Result<()> {
    let runs = match std::env::args().nth(1) {
        Some(number) => number.parse()?,
        None => RUNS,
    };
    let folder = tempfile::tempdir()?;
    let directory = DataDir::open(&folder.path().join("stores"))?;
    let postgres = PostgresOptions {
        durable: true,
        connections: 200,
    };
    let postgres = Postgres::start(&directory, postgres).await?;
    let redis = Redis::start(&directory, RedisOptions { durable: false }).await?;
    let stage = Stage {
        binary: binary()?,
        data: folder.path().join("data"),
        database: postgres.url(),
        redis: redis.url(),
    };

    let (cloud, first) = stage.start()?;
    println!("first start, empty database  {:>7.0} ms", ms(first));
    drop(cloud);
    let mut starts = Vec::with_capacity(runs);
    for _ in 0..runs {
        let (cloud, took) = stage.start()?;
        starts.push(took);
        drop(cloud);
    }
    let starts = Times::new(starts);
    println!(
        "start, migrated database     {:>7.0} ms p50, {:.0} ms p95, of {runs}",
        ms(starts.percentile(50)),
        ms(starts.percentile(95))
    );

    let (cloud, _) = stage.start()?;
    std::thread::sleep(REST);
    println!(
        "resident memory, idle        {:>7.1} MiB after {} s",
        resident_mib(cloud.0.id()),
        REST.as_secs()
    );
    drop(cloud);
    postgres.stop().await?;
    redis.stop().await?;
    Ok(())
}

/// What every start has in common.
struct Stage {
    binary: PathBuf,
    data: PathBuf,
    database: String,
    redis: String,
}

/// A running platform, ended with this value.
struct Cloud(Child);

impl Drop for Cloud {
    fn drop(&mut self) {
        let pid = i32::try_from(self.0.id())
            .ok()
            .and_then(rustix::process::Pid::from_raw);
        if let Some(pid) = pid {
            rustix::process::kill_process(pid, rustix::process::Signal::TERM).ok();
        }
        self.0.wait().ok();
    }
}

impl Stage {
    /// Starts the platform and waits for its first page.
    fn start(&self) -> Result<(Cloud, Duration)> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = Command::new(&self.binary);
        command
            .args(["up", "--data-dir"])
            .arg(&self.data)
            .env_clear()
            .env("CLOUD_ENV", "dev")
            .env("LOG_LEVEL", "warn")
            .env("PORT", address.port().to_string())
            .env("APP_URL", format!("http://{address}"))
            .env("DATABASE_OWNER_URL", &self.database)
            .env("REDIS_URL", &self.redis)
            .env(
                "APP_SECRET",
                "a-secret-for-a-measurement-that-lasts-a-minute",
            )
            .current_dir(self.data.parent().unwrap_or(Path::new("/")))
            .stdout(Stdio::null())
            .stderr(Stdio::inherit());
        let begun = Instant::now();
        let mut cloud = Cloud(command.spawn().context("cannot start cloud")?);
        while !answers(address) {
            ensure!(cloud.0.try_wait()?.is_none(), "cloud ended");
            ensure!(
                begun.elapsed() < Duration::from_mins(1),
                "no page within a minute"
            );
            std::thread::sleep(LOOK);
        }
        Ok((cloud, begun.elapsed()))
    }
}

/// Whether the sign-in page is there.
fn answers(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        write!(
            stream,
            "GET /auth/sign-in HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status.ends_with(b"200"))
    };
    ask().unwrap_or(false)
}

/// The `cloud` binary of the same build.
fn binary() -> Result<PathBuf> {
    let examples = std::env::current_exe()?;
    let folder = examples.ancestors().nth(2).context("the build output")?;
    let binary = folder.join("cloud");
    ensure!(
        binary.is_file(),
        "build it first: cargo build --release --package cloud"
    );
    Ok(binary)
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
