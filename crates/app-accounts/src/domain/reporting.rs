//! Who reports to whom, as a tree.

use std::collections::HashMap;

use jiff::Timestamp;

use super::person::{PersonId, avatar_path};

/// Somebody in the tree.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Who.
    pub id: PersonId,
    /// Name to show.
    pub display_name: String,
    /// Job title; may be empty.
    pub title: String,
    /// When the picture last changed, if there is one.
    pub avatar_at: Option<Timestamp>,
    /// Whom they report to.
    pub manager: Option<PersonId>,
    /// How many active people report to them.
    pub reports: i64,
}

impl Seat {
    /// Path of the picture, changing with it; empty without one.
    pub fn avatar_path(&self) -> String {
        avatar_path(self.id, self.avatar_at)
    }
}

/// Somebody, and those below them as far as they are shown.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Who.
    pub seat: Seat,
    /// Those who report to them; fewer than `seat.reports` when there are too many.
    pub below: Vec<Branch>,
}

impl Branch {
    /// Puts `below` under `seat`, and each of them over their own.
    pub fn grow(seat: Seat, below: &mut HashMap<PersonId, Vec<Seat>>) -> Self {
        let reports = below.remove(&seat.id).unwrap_or_default();
        let grow = |report| Self::grow(report, below);
        Self {
            below: reports.into_iter().map(grow).collect(),
            seat,
        }
    }

    /// How many report to them and are not shown.
    pub fn hidden(&self) -> i64 {
        let shown = i64::try_from(self.below.len()).unwrap_or(i64::MAX);
        self.seat.reports.saturating_sub(shown).max(0)
    }
}
