//! `cargo xtask bench gateway`: the gateway against nginx, haproxy, caddy, a minimal pingora proxy, and no proxy.
//!
//! Owns: the origin, the load, the peers' configurations, and the report. Knows the gateway as a program with
//! environment variables, a Redis and signed leases; must not reach into its code.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool talks to its user on the terminal"
)]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};

mod auth;
mod bed;
mod cases;
mod histogram;
mod load;
mod origin;
mod peers;
mod pin;
mod probe;
mod process;
mod reactor;
mod report;
mod request;
mod rounds;
mod sample;
mod subject;
mod usage;

use bed::{Bed, Cores};
use cases::{CASES, Case};
use peers::Peer;
use pin::First;
use rounds::{Occupant, Rounds};
use subject::Build;

/// Measures the gateway against other proxies on this machine.
#[derive(Parser)]
#[command(name = "edge-bench")]
struct Arguments {
    #[command(subcommand)]
    part: Option<Part>,
    #[command(flatten)]
    options: Options,
}

#[derive(clap::Args)]
struct Options {
    /// Runs only these cases (get, browser, post, ...); may be repeated
    #[arg(long = "case", value_name = "NAME")]
    cases: Vec<String>,
    /// Compares only with these (direct, nginx, haproxy, caddy, pingora, or none); may be repeated
    #[arg(long = "peer", value_name = "NAME")]
    peers: Vec<String>,
    /// Measures this gateway program instead of the one beside this tool; may be repeated
    #[arg(long = "gateway", value_name = "[NAME=]PATH")]
    gateways: Vec<String>,
    /// A further environment variable for the gateways; may be repeated
    #[arg(long = "env", value_name = "NAME=VALUE")]
    variables: Vec<String>,
    /// Measured time of one subject in one round
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Interleaved rounds
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// One round of one second: to see that everything works
    #[arg(long)]
    quick: bool,
    /// Also writes every sample to a file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The core of the proxies
    #[arg(long, default_value_t = 1)]
    proxy_core: usize,
    /// The core of the load and the origin
    #[arg(long, default_value_t = 0)]
    load_core: usize,
}

/// The programs this tool starts of itself.
#[derive(Subcommand)]
enum Part {
    /// Serves as the app behind the proxies
    #[command(hide = true)]
    Origin {
        #[arg(long)]
        socket: Option<PathBuf>,
    },
    /// Sends requests as a plan says
    #[command(hide = true)]
    Load { plan: String },
    /// Holds connections open
    #[command(hide = true)]
    Idle {
        address: SocketAddr,
        count: usize,
        head: String,
    },
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    match arguments.part {
        Some(Part::Origin { socket }) => origin::run(socket.as_deref()),
        Some(Part::Load { plan }) => load::run(&serde_json::from_str(&plan)?),
        Some(Part::Idle {
            address,
            count,
            head,
        }) => load::idle::run(address, count, &head),
        None => run(&arguments.options),
    }
}

fn run(options: &Options) -> Result<()> {
    let cases = options.cases()?;
    let occupants = options.occupants()?;
    let cores = Cores {
        proxy: options.proxy_core,
        load: options.load_core,
    };
    pin::raise_files()?;
    for occupant in &occupants {
        if let Occupant::Peer(peer) = occupant
            && let Err(error) = peer.prepare()
        {
            eprintln!("{}: {error:#}", occupant.name());
        }
    }
    let _alone = pin::alone()?;
    pin::to(cores.load)?;
    let _first = First::go();
    // Children get a signal when the thread that started them ends, so they are started from this one.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(measure(options, &cases, occupants, cores))
}

async fn measure(
    options: &Options,
    cases: &[&'static Case],
    occupants: Vec<Occupant>,
    cores: Cores,
) -> Result<()> {
    let (seconds, count) = if options.quick {
        (1.0, 1)
    } else {
        (options.seconds, options.rounds)
    };
    let bed = Bed::start(cores).await?;
    let seconds = Duration::try_from_secs_f64(seconds).context("--seconds")?;
    let mut rounds = Rounds::start(bed, occupants, seconds, count).await?;
    println!(
        "{count} interleaved rounds of {seconds:?}; proxies alone on core {}, load and origin on core {}; \
         medians",
        cores.proxy, cores.load
    );
    let mut all = Vec::new();
    for case in cases {
        let measured = rounds.run(case).await;
        let measured = match measured {
            Ok(measured) => measured,
            Err(error) => {
                eprintln!("\n{}: not measured: {error:#}", case.name);
                continue;
            }
        };
        print!("{}", report::case(&measured));
        all.push(measured);
    }
    rounds.stop().await;
    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_vec_pretty(&all)?)?;
    }
    if all.len() < cases.len() {
        bail!("not every case could be measured");
    }
    Ok(())
}

impl Options {
    fn cases(&self) -> Result<Vec<&'static Case>> {
        if self.cases.is_empty() {
            return Ok(CASES.iter().collect());
        }
        let named = |name: &String| {
            let found = CASES.iter().find(|case| case.name == name);
            found.with_context(|| {
                let names: Vec<&str> = CASES.iter().map(|case| case.name).collect();
                format!("there is no case {name}; there are: {}", names.join(", "))
            })
        };
        self.cases.iter().map(named).collect()
    }

    fn occupants(&self) -> Result<Vec<Occupant>> {
        let mut occupants = vec![Occupant::Direct];
        occupants.extend(Peer::ALL.map(Occupant::Peer));
        if !self.peers.is_empty() {
            for name in self.peers.iter().filter(|name| *name != "none") {
                if !occupants.iter().any(|each| each.name() == name) {
                    bail!("there is no peer {name}");
                }
            }
            occupants.retain(|each| self.peers.iter().any(|name| name == each.name()));
        }
        let variables: Vec<(String, String)> = self
            .variables
            .iter()
            .map(|pair| {
                let pair = pair.split_once('=').context("--env wants NAME=VALUE")?;
                Ok((pair.0.to_owned(), pair.1.to_owned()))
            })
            .collect::<Result<_>>()?;
        let beside = std::env::current_exe()?.with_file_name("gateway");
        let mut gateways = self.gateways.clone();
        if gateways.is_empty() {
            gateways.push(beside.display().to_string());
        }
        for gateway in gateways {
            let (name, program) = gateway.split_once('=').unwrap_or(("gateway", &gateway));
            if name.is_empty() || name.contains('/') {
                bail!("{name} is no name for a gateway");
            }
            let program = PathBuf::from(program);
            if !program.is_file() {
                bail!(
                    "{} is not there: cargo build --release -p gateway",
                    program.display()
                );
            }
            occupants.push(Occupant::Gateway(Build {
                name: name.to_owned(),
                program,
                variables: variables.clone(),
            }));
        }
        Ok(occupants)
    }
}
