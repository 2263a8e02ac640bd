//! Sign-ins on their way: begun with a name, found again by the handle in the address.
//!
//! What is answered here never depends on whether anybody has that name: nothing is looked up.

use std::sync::Arc;

use platform::http::LocalPath;

use crate::domain::flow::Flow;
use crate::domain::token::Token;
use crate::error::Error;
use crate::service::Core;
use crate::service::client::Client;
use crate::store::flows::{flow_find, flow_insert};

/// Use cases around flows. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Flows {
    core: Arc<Core>,
}

/// What a handle stands for.
#[derive(Debug)]
pub(crate) enum Found {
    /// It goes on.
    Live(Flow),
    /// It took too long: begin afresh with what was typed.
    Late(Flow),
    /// Nothing that is known here.
    Unknown,
}

impl Flows {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Begins a flow, perhaps for a further account; returns its handle.
    pub(crate) async fn begin(
        &self,
        login: &str,
        (return_to, adds): (LocalPath, bool),
        client: &Client,
    ) -> Result<Token, Error> {
        self.core.limits.flow(client).await?;
        let now = self.core.clock.now();
        let handle = Token::random()?;
        let flow = Flow::beginning(login, return_to, now).adding(adds);
        let db = self.core.db.client().await?;
        flow_insert(&db, &handle.hash(), &flow, now).await?;
        Ok(handle)
    }

    /// Looks a handle up. Uses nothing up.
    pub(crate) async fn find(&self, handle: &str) -> Result<Found, Error> {
        let Some(handle) = Token::parse(handle) else {
            return Ok(Found::Unknown);
        };
        let db = self.core.db.client().await?;
        Ok(match flow_find(&db, &handle.hash()).await? {
            Some(flow) if flow.is_live(self.core.clock.now()) => Found::Live(flow),
            Some(flow) => Found::Late(flow),
            None => Found::Unknown,
        })
    }
}
