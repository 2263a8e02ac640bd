//! The proxies that the gateway is compared with, bare: one worker, kept connections on both sides, no access log.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result};

use crate::bed::{Bed, Seat};
use crate::probe::{self, free_address};
use crate::process::{Output, Process, on_core};
use crate::request::Head;

mod pingora;

/// A proxy of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    Nginx,
    Haproxy,
    Caddy,
    Pingora,
}

impl Peer {
    pub(crate) const ALL: [Self; 4] = [Self::Nginx, Self::Haproxy, Self::Caddy, Self::Pingora];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Haproxy => "haproxy",
            Self::Caddy => "caddy",
            Self::Pingora => "pingora",
        }
    }

    /// Builds what has to be built, before anything is pinned.
    pub(crate) fn prepare(self) -> Result<()> {
        match self {
            Self::Pingora => pingora::build().map(drop),
            Self::Nginx | Self::Haproxy | Self::Caddy => Ok(()),
        }
    }

    /// Starts it on the core for proxies and waits until it serves.
    pub(crate) async fn start(self, bed: &Bed) -> Result<Seat> {
        let folder = bed.folder(self.name())?;
        let plain = free_address()?;
        let (command, h2c) = match self {
            Self::Nginx => {
                let h2c = free_address()?;
                let config = write(&folder, &nginx(&folder, [plain, h2c], bed.origin))?;
                let mut command = on_core(bed.cores.proxy, "nginx");
                command.arg("-p").arg(&folder).arg("-c").arg(config);
                // Until the configuration is read, it would write to /var/log.
                command.args(["-e", "stderr", "-g", "daemon off;"]);
                (command, Some(h2c))
            }
            Self::Haproxy => {
                let h2c = free_address()?;
                let config = write(&folder, &haproxy([plain, h2c], bed.origin))?;
                let mut command = on_core(bed.cores.proxy, "haproxy");
                command.args(["-q", "-db", "-f"]).arg(config);
                (command, Some(h2c))
            }
            Self::Caddy => {
                let config = write(&folder, &caddy(plain, bed.origin))?;
                let mut command = on_core(bed.cores.proxy, "caddy");
                command.args(["run", "--adapter", "caddyfile", "--config"]);
                command.arg(config).env("GOMAXPROCS", "1");
                for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
                    command.env(name, &folder);
                }
                command.stderr(std::process::Stdio::null());
                (command, Some(plain))
            }
            Self::Pingora => {
                let mut command = on_core(bed.cores.proxy, pingora::build()?);
                command.args([plain.to_string(), bed.origin.to_string()]);
                (command, None)
            }
        };
        let mut process = Process::start(command, Output::Dropped)?;
        let head = Head::new("GET", "/app/bench/small", plain).finish();
        probe::serves(&mut process, plain, &head)
            .await
            .with_context(|| self.name())?;
        Ok(Seat {
            process,
            address: plain,
            h2c,
        })
    }
}

fn write(folder: &Path, text: &str) -> Result<std::path::PathBuf> {
    let path = folder.join("config");
    std::fs::write(&path, text)?;
    Ok(path)
}

fn nginx(folder: &Path, [plain, h2c]: [SocketAddr; 2], origin: SocketAddr) -> String {
    let folder = folder.display();
    format!(
        r#"
user root;
worker_processes 1;
pid {folder}/pid;
error_log stderr crit;
events {{ worker_connections 16000; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    # Large answers through memory; with the defaults they would go through a file.
    proxy_buffer_size 32k;
    proxy_buffers 16 32k;
    proxy_busy_buffers_size 64k;
    proxy_max_temp_file_size 0;
    keepalive_requests 1000000000;
    keepalive_timeout 300s;
    upstream origin {{
        server {origin};
        keepalive 256;
        keepalive_requests 1000000000;
        keepalive_time 24h;
    }}
    server {{
        listen {plain} backlog=4096;
        listen {h2c} http2;
        location / {{
            proxy_pass http://origin;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
        }}
        location /app/bench/socket {{
            proxy_pass http://origin;
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "Upgrade";
        }}
    }}
}}
"#
    )
}

fn haproxy([plain, h2c]: [SocketAddr; 2], origin: SocketAddr) -> String {
    format!(
        "
global
    nbthread 1
    no strict-limits
    maxconn 12000
defaults
    mode http
    option http-keep-alive
    http-reuse always
    timeout connect 5s
    timeout client 300s
    timeout server 300s
    timeout tunnel 1h
frontend plain
    bind {plain}
    bind {h2c} proto h2
    default_backend origin
backend origin
    server origin {origin} pool-max-conn 1000
"
    )
}

fn caddy(plain: SocketAddr, origin: SocketAddr) -> String {
    let port = plain.port();
    format!(
        "{{
    admin off
    auto_https off
    log default {{
        output discard
    }}
    servers {{
        protocols h1 h2 h2c
    }}
}}
http://:{port} {{
    bind 127.0.0.1
    reverse_proxy {origin} {{
        transport http {{
            keepalive_idle_conns_per_host 256
        }}
    }}
}}
"
    )
}
