//! What a gateway calls itself on the way to an app, so that it knows a request that comes back to it (RFC 9110, 7.6.3).

use crate::wire::fields;
use crate::wire::request::Head;

/// The name of one gateway process.
pub(crate) struct Via {
    name: String,
    line: Vec<u8>,
}

impl Via {
    /// A name that no other process has.
    pub(crate) fn new() -> Self {
        let unique = uuid::Uuid::new_v4().simple().to_string();
        let name = format!("cloud-{}", unique.get(..12).unwrap_or_default());
        let line = format!("via: 1.1 {name}\r\n").into_bytes();
        Self { name, line }
    }

    /// The field as it is sent to apps.
    pub(crate) fn line(&self) -> &[u8] {
        &self.line
    }

    /// Whether a request has been here before.
    pub(crate) fn is_named(&self, head: &Head<'_>) -> bool {
        let ours = |hop: &[u8]| {
            hop.split(u8::is_ascii_whitespace)
                .any(|word| word == self.name.as_bytes())
        };
        head.values("via").flat_map(fields::items).any(ours)
    }
}
