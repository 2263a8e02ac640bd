//! What a page needs to know about its app, the same for every request.

use jiff::Timestamp;
use platform::{Boot, Clock};
use registry::{AppId, Snapshot, Watch};
use std::sync::Arc;

use crate::assets::{self, Entry};
use crate::brand::Brand;
use crate::catalogue::{Catalogue, Messages};

/// One per app, put into the extensions of each request.
pub(crate) struct Context {
    pub(crate) app: AppId,
    pub(crate) messages: Messages,
    pub(crate) brand: Brand,
    /// Whether visitors come over https: cookies are then bound to the host.
    pub(crate) secure: bool,
    clock: Source,
    live: Live,
    entry: Option<Entry>,
}

/// Where the time comes from.
enum Source {
    Clock(Clock),
    Fixed(Timestamp),
}

/// Where the live apps come from.
enum Live {
    Registry(Watch),
    Fixed(Arc<Snapshot>),
}

impl Context {
    pub(crate) fn new(catalogue: &Catalogue, brand: Brand, boot: &Boot) -> Self {
        Self {
            app: boot.app.clone(),
            messages: Messages::new(catalogue),
            brand,
            secure: boot.config.app_url.scheme() == "https",
            clock: Source::Clock(boot.clock.clone()),
            live: Live::Registry(boot.registry.clone()),
            entry: assets::entry(),
        }
    }

    /// A context for rendering views without a running platform.
    pub(crate) fn fixed(
        app: AppId,
        catalogue: &Catalogue,
        now: Timestamp,
        live: Arc<Snapshot>,
    ) -> Self {
        Self {
            app,
            messages: Messages::new(catalogue),
            brand: Brand::default(),
            secure: false,
            clock: Source::Fixed(now),
            live: Live::Fixed(live),
            entry: assets::entry(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        match &self.clock {
            Source::Clock(clock) => clock.now(),
            Source::Fixed(now) => *now,
        }
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        match &self.live {
            Live::Registry(watch) => watch.snapshot(),
            Live::Fixed(snapshot) => Arc::clone(snapshot),
        }
    }

    /// The files every page loads. A development build looks again each time, since the assets may have been rebuilt.
    pub(crate) fn entry(&self) -> Entry {
        if cfg!(debug_assertions) {
            return assets::entry().unwrap_or_default();
        }
        self.entry.clone().unwrap_or_default()
    }
}
