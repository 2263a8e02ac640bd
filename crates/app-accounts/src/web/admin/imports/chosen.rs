//! What was chosen for an import: the fields of its columns, and what holds for everybody.

use serde::Deserialize;

use crate::domain::import::Options;
use crate::domain::import_column::Column;

/// The form as it is sent. The selects for the columns all have one name and come in their order.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    column: Vec<String>,
    role: String,
    groups: String,
    ends_on: String,
    delivery: String,
    message: String,
    lasts: String,
}

impl Chosen {
    pub(super) fn columns(&self) -> Vec<Option<Column>> {
        self.column.iter().map(|word| word.parse().ok()).collect()
    }

    pub(super) fn options(&self) -> Options {
        // What is too long does not do either way, and is not kept whole.
        let start = |text: &str| text.chars().take(4_000).collect();
        Options {
            role: start(&self.role),
            groups: start(&self.groups),
            ends_on: start(&self.ends_on),
            delivery: start(&self.delivery),
            message: start(&self.message),
            lasts: start(&self.lasts),
        }
    }
}
