//! What all workers share: the route table, the sessions, the signing key, the totals.

use std::sync::Arc;

use arc_swap::ArcSwap;
use platform::{Clock, Health, Lifecycle};
use tokio::sync::Notify;

use crate::attempts::Holdings;
use crate::config::GatewayConfig;
use crate::live::Live;
use crate::rates::Rates;
use crate::sessions::Sessions;
use crate::signing::Signing;
use crate::table::Table;
use crate::tls::Tls;
use crate::via::Via;

pub(crate) mod measures;
pub(crate) mod places;
pub(crate) mod snapshot;
pub(crate) mod totals;
pub(crate) mod traffic;

pub(crate) use places::{Place, Places};
pub(crate) use totals::{Sums, Totals};

/// The shared state of a gateway.
pub(crate) struct Gateway {
    pub(crate) config: GatewayConfig,
    /// `APP_URL` as browsers spell an origin.
    pub(crate) origin: String,
    /// Whether `APP_URL` is https.
    pub(crate) is_secure: bool,
    /// Limits and trusted proxies. Requests see what their worker keeps of it.
    pub(crate) live: ArcSwap<Live>,
    pub(crate) table: ArcSwap<Table>,
    pub(crate) sessions: Sessions,
    pub(crate) signing: Arc<Signing>,
    pub(crate) clock: Clock,
    pub(crate) health: Health,
    pub(crate) lifecycle: Lifecycle,
    pub(crate) places: Arc<Places>,
    pub(crate) totals: Totals,
    pub(crate) rates: Rates,
    /// Certificates and handshakes, where TLS is on.
    pub(crate) tls: Option<Tls>,
    /// Where TLS is spoken.
    pub(crate) tls_port: u16,
    /// What this gateway calls itself in Via.
    pub(crate) via: Via,
    /// What requests hold that are taken in whole.
    pub(crate) holdings: Arc<Holdings>,
    /// Rung when an instance could not be reached, so that doubtful ones are probed at once.
    pub(crate) doubt: Notify,
}

impl Gateway {
    /// Notes that an instance could not be reached.
    pub(crate) fn missed(&self) {
        self.doubt.notify_one();
    }
}
