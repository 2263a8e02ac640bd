//! What is measured, and what the gateway must and aims to reach. Each case is the same request for every subject.

use crate::origin::{LARGE, SMALL};

/// One thing to measure.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) traffic: Traffic,
    pub(crate) subjects: Subjects,
    pub(crate) targets: &'static [Target],
}

/// What is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Traffic {
    Http(Http),
    /// WebSocket messages of so many bytes.
    Frames {
        connections: usize,
        size: usize,
    },
    H2c {
        connections: usize,
        streams: usize,
    },
    /// Connections that do nothing.
    Idle {
        connections: usize,
    },
    /// Measured by a benchmark inside the gateway's crate.
    Elsewhere,
}

/// Requests of HTTP/1.1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Http {
    pub(crate) connections: usize,
    pub(crate) method: &'static str,
    /// Last segment of the path, which is what the origin goes by.
    pub(crate) path: &'static str,
    pub(crate) body: usize,
    pub(crate) browser: bool,
    pub(crate) reconnect: bool,
    /// Requests per second; as fast as answers come when not set.
    pub(crate) rate: Option<u32>,
    /// Bytes of body per request where they are what counts.
    pub(crate) bulk: usize,
}

/// Who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subjects {
    /// No proxy, the peers, and the gateway over TCP and over a Unix socket.
    All,
    /// The gateway only, for nobody and for somebody who is signed in.
    Sessions,
}

/// Which of the gateway's rows a target is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Upstream {
    Tcp,
    Unix,
}

/// A figure that is compared with a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Figure {
    CpuToNginx,
    CpuToAnonymous,
    P99ToNginx,
    /// Microseconds.
    P99,
    /// MiB.
    IdleMemory,
    /// KiB.
    MemoryPerConnection,
}

/// What the gateway must not exceed, and what it aims at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub(crate) upstream: Upstream,
    pub(crate) figure: Figure,
    pub(crate) must: Option<f64>,
    pub(crate) aim: Option<f64>,
}

const fn target(upstream: Upstream, figure: Figure, must: f64, aim: f64) -> Target {
    Target {
        upstream,
        figure,
        must: Some(must),
        aim: Some(aim),
    }
}

const fn only_must(upstream: Upstream, figure: Figure, must: f64) -> Target {
    Target {
        upstream,
        figure,
        must: Some(must),
        aim: None,
    }
}

const fn only_aim(upstream: Upstream, figure: Figure, aim: f64) -> Target {
    Target {
        upstream,
        figure,
        must: None,
        aim: Some(aim),
    }
}

use Figure::{CpuToAnonymous, CpuToNginx, IdleMemory, MemoryPerConnection, P99, P99ToNginx};
use Upstream::{Tcp, Unix};

const REQUEST: &[Target] = &[
    target(Tcp, CpuToNginx, 0.95, 0.85),
    target(Unix, CpuToNginx, 0.70, 0.62),
];

const GET: Http = Http {
    connections: 64,
    method: "GET",
    path: "small",
    body: 0,
    browser: false,
    reconnect: false,
    rate: None,
    bulk: 0,
};

/// Every case, in the order they are run.
pub(crate) const CASES: &[Case] = &[
    Case {
        name: "get",
        title: "GET of 1 KiB, 64 connections",
        traffic: Traffic::Http(GET),
        subjects: Subjects::All,
        targets: REQUEST,
    },
    Case {
        name: "browser",
        title: "GET of 1 KiB with 12 headers of a browser, 64 connections",
        traffic: Traffic::Http(Http {
            browser: true,
            ..GET
        }),
        subjects: Subjects::All,
        targets: REQUEST,
    },
    Case {
        name: "post",
        title: "POST of 1 KiB that is sent back, 64 connections",
        traffic: Traffic::Http(Http {
            method: "POST",
            path: "echo",
            body: SMALL,
            ..GET
        }),
        subjects: Subjects::All,
        targets: REQUEST,
    },
    Case {
        name: "signed-in",
        title: "GET of 1 KiB with a session, relative to without, 64 connections",
        traffic: Traffic::Http(GET),
        subjects: Subjects::Sessions,
        targets: &[
            target(Tcp, CpuToAnonymous, 1.10, 1.03),
            target(Unix, CpuToAnonymous, 1.10, 1.03),
        ],
    },
    Case {
        name: "h2c",
        title: "GET of 1 KiB over HTTP/2 without TLS, 8 connections of 16 streams",
        traffic: Traffic::H2c {
            connections: 8,
            streams: 16,
        },
        subjects: Subjects::All,
        targets: &[target(Tcp, CpuToNginx, 0.80, 0.55)],
    },
    Case {
        name: "websocket",
        title: "WebSocket messages of 125 B that are sent back, 64 connections",
        traffic: Traffic::Frames {
            connections: 64,
            size: 125,
        },
        subjects: Subjects::All,
        targets: &[
            only_must(Tcp, CpuToNginx, 1.00),
            only_aim(Unix, CpuToNginx, 0.75),
        ],
    },
    Case {
        name: "down",
        title: "GET of 1 MiB, 8 connections",
        traffic: Traffic::Http(Http {
            connections: 8,
            path: "large",
            bulk: LARGE,
            ..GET
        }),
        subjects: Subjects::All,
        targets: &[target(Tcp, CpuToNginx, 1.05, 0.90)],
    },
    Case {
        name: "up",
        title: "POST of 1 MiB that is counted, 8 connections",
        traffic: Traffic::Http(Http {
            connections: 8,
            method: "POST",
            path: "upload",
            body: LARGE,
            bulk: LARGE,
            ..GET
        }),
        subjects: Subjects::All,
        targets: &[target(Tcp, CpuToNginx, 0.40, 0.35)],
    },
    Case {
        name: "connect",
        title: "GET of 1 KiB, a new connection for each, 64 at a time",
        traffic: Traffic::Http(Http {
            reconnect: true,
            ..GET
        }),
        subjects: Subjects::All,
        targets: &[target(Tcp, CpuToNginx, 1.10, 1.00)],
    },
    Case {
        name: "slow",
        title: "GET of 1 KiB that takes the origin 20 ms, 128 connections",
        traffic: Traffic::Http(Http {
            connections: 128,
            path: "slow",
            ..GET
        }),
        subjects: Subjects::All,
        targets: &[],
    },
    Case {
        name: "latency",
        title: "GET of 1 KiB, 4,000 a second, timed from when each was due",
        traffic: Traffic::Http(Http {
            rate: Some(4000),
            ..GET
        }),
        subjects: Subjects::All,
        targets: &[only_must(Tcp, P99ToNginx, 1.00), only_aim(Tcp, P99, 250.0)],
    },
    Case {
        name: "memory",
        title: "Memory after the start, and with 10,000 idle connections",
        traffic: Traffic::Idle {
            connections: 10_000,
        },
        subjects: Subjects::All,
        targets: &[
            target(Tcp, IdleMemory, 16.0, 8.0),
            target(Tcp, MemoryPerConnection, 4.0, 1.5),
        ],
    },
    Case {
        name: "routes",
        title: "Route table of 10 and of 100,000 prefixes: match and rebuild",
        traffic: Traffic::Elsewhere,
        subjects: Subjects::All,
        targets: &[],
    },
];
