//! The browser that makes a request, as far as sign-in looks at it.

use std::net::IpAddr;

use platform::http::budget_of;

use crate::domain::device;
use crate::domain::token::Token;

/// Where a request comes from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Client {
    /// Network address, as told by trusted proxies only.
    pub(crate) address: Option<IpAddr>,
    /// The browser's description of itself.
    pub(crate) user_agent: String,
    /// Id of the request.
    pub(crate) request_id: String,
    /// The device cookie, unchecked.
    pub(crate) device_cookie: Option<String>,
    /// The person asked for this device to be remembered.
    pub(crate) remember: bool,
    /// What opens the sessions of the other accounts of this browser, unchecked.
    pub(crate) others: Vec<Token>,
}

impl Client {
    /// "Firefox on Linux" or empty.
    pub(crate) fn device(&self) -> String {
        device::describe(&self.user_agent)
    }

    /// Address as text or empty.
    pub(crate) fn address_text(&self) -> String {
        self.address
            .map(|address| address.to_canonical().to_string())
            .unwrap_or_default()
    }

    /// The unit in which attempts are counted. Requests without an address share one budget.
    pub(crate) fn network(&self) -> String {
        budget_of(self.address)
    }
}
