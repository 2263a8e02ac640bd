//! `/admin/gateway`: what the gateways see, renewed every two seconds while somebody looks.

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use registry::edge::{AddressKind, InstanceReport, Percentiles, Standing, TlsReport, TlsState};
use ui::Shell;

use crate::gateways::{Gateways, Picture, Route};

mod advice;

use advice::Advice;

/// Between two looks of one browser.
const EVERY: Duration = Duration::from_secs(2);

#[derive(askama::Template)]
#[template(path = "dashboard/gateway.html")]
struct GatewayPage {
    shell: Shell,
    view: View,
}

#[derive(askama::Template)]
#[template(path = "dashboard/gateway-live.html")]
struct Live {
    shell: Shell,
    view: View,
}

/// The picture, and what to say about it.
#[derive(Default)]
struct View {
    /// Redis does not answer, so nothing is known.
    is_away: bool,
    picture: Picture,
    advice: Vec<Advice>,
}

/// A word with the colour it is shown in.
struct Word {
    key: &'static str,
    tone: &'static str,
}

pub(super) async fn show(State(gateways): State<Gateways>, shell: Shell) -> Response {
    let view = View::take(&gateways, &shell).await;
    let shell = shell.title("dashboard-gateway").wide();
    ui::page(GatewayPage { shell, view })
}

/// The changing part, after a while: a browser asks for the next one as soon as it has this one, and asks nothing
/// while its tab is hidden.
pub(super) async fn refresh(State(gateways): State<Gateways>, shell: Shell) -> Response {
    tokio::time::sleep(EVERY).await;
    let view = View::take(&gateways, &shell).await;
    ui::page(Live { shell, view })
}

impl View {
    async fn take(gateways: &Gateways, shell: &Shell) -> Self {
        match gateways.look().await {
            Ok(picture) => Self {
                is_away: false,
                advice: picture
                    .troubles
                    .iter()
                    .map(|trouble| advice::on(trouble, shell))
                    .collect(),
                picture,
            },
            Err(error) => {
                tracing::debug!(%error, "what the gateways see could not be read");
                Self {
                    is_away: true,
                    ..Self::default()
                }
            }
        }
    }
}

impl Word {
    fn route(route: &Route) -> Self {
        let (key, tone) = match (route.well, route.all) {
            (_, 0) => ("dashboard-gw-away", "danger"),
            (well, all) if well == all => ("dashboard-gw-well", "success"),
            (0, _) => ("dashboard-gw-failing", "danger"),
            _ => ("dashboard-gw-partly", "warning"),
        };
        Self { key, tone }
    }

    fn instance(instance: &InstanceReport) -> Self {
        let (key, tone) = match instance.standing {
            Standing::Well => ("dashboard-gw-well", "success"),
            Standing::Draining => ("dashboard-draining", "neutral"),
            Standing::Trial => ("dashboard-gw-trial", "warning"),
            Standing::Resting => ("dashboard-gw-resting", "danger"),
            Standing::Unready => ("dashboard-gw-unready", "warning"),
        };
        Self { key, tone }
    }

    fn name(name: &TlsReport) -> Self {
        let (key, tone) = match name.state {
            TlsState::Valid => ("dashboard-gw-valid", "success"),
            TlsState::Expiring => ("dashboard-gw-expiring", "warning"),
            TlsState::Invalid => ("dashboard-gw-invalid", "danger"),
            TlsState::Missing => ("dashboard-gw-missing", "danger"),
        };
        Self { key, tone }
    }
}

/// Key of how an instance is reached.
fn kind(instance: &InstanceReport) -> &'static str {
    match instance.address {
        _ if instance.standing == Standing::Draining => "dashboard-gw-none",
        AddressKind::Unix => "dashboard-gw-unix",
        AddressKind::Tcp => "dashboard-gw-tcp",
    }
}

/// Key of where a certificate comes from.
fn source(name: &TlsReport) -> &'static str {
    match name.source.as_deref() {
        Some("file") => "dashboard-gw-file",
        Some("acme") => "dashboard-gw-acme",
        Some("self-signed") => "dashboard-gw-self-signed",
        _ => "dashboard-gw-none",
    }
}

/// One of a route's percentiles; a dash where there were no requests.
fn share(shell: &Shell, of: &Percentiles, micros: u64) -> String {
    if of.requests == 0 {
        "\u{2013}".to_owned()
    } else {
        duration(shell, micros)
    }
}

/// A duration as people read it.
#[expect(
    clippy::cast_precision_loss,
    reason = "durations far below 2^52 microseconds"
)]
fn duration(shell: &Shell, micros: u64) -> String {
    let millis = micros as f64 / 1000.0;
    let digits = |value: f64| usize::from(value < 100.0);
    let decimal = |value: f64| ui::format::decimal(value, 0, digits(value), shell.language());
    if micros == 0 {
        "\u{2013}".to_owned()
    } else if micros < 1000 {
        format!(
            "{}\u{a0}ms",
            ui::format::decimal(millis, 0, 2, shell.language())
        )
    } else if millis < 1000.0 {
        format!("{}\u{a0}ms", decimal(millis))
    } else {
        format!("{}\u{a0}s", decimal(millis / 1000.0))
    }
}
