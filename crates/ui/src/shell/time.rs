//! Times in the zone and language of the person.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};

use super::{Moment, Shell};
use crate::format;
use crate::markup::{Markup, escape};

/// Moments further away than this many years are mistakes.
const FURTHEST_YEAR: i16 = 9000;

/// What was typed is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAMoment;

impl Shell {
    /// The zone in which the person reads and types times.
    pub fn zone(&self) -> &TimeZone {
        &self.preferences.zone
    }

    /// A moment as people say it, with the exact one in its title: "5 minutes ago".
    pub fn time(&self, at: impl Moment) -> Markup {
        let at = at.moment();
        self.element(at, &self.relative(at), true)
    }

    /// The day of a moment.
    pub fn date(&self, at: impl Moment) -> Markup {
        let at = at.moment();
        let text = format::date(at, &self.preferences.zone, self.language());
        self.element(at, &text, false)
    }

    /// Day and time of a moment.
    pub fn date_time(&self, at: impl Moment) -> Markup {
        let at = at.moment();
        let text = format::date_time(at, &self.preferences.zone, self.language());
        self.element(at, &text, false)
    }

    /// A moment as people say it, as plain text.
    pub fn relative(&self, at: impl Moment) -> String {
        let distance = format::distance(at.moment(), self.now);
        let key = match (distance.unit, distance.ahead) {
            (Unit::Second, _) => return self.t("ui-now").into_owned(),
            (Unit::Minute, false) => "ui-minutes-ago",
            (Unit::Hour, false) => "ui-hours-ago",
            (Unit::Day, false) => "ui-days-ago",
            (Unit::Month, false) => "ui-months-ago",
            (_, false) => "ui-years-ago",
            (Unit::Minute, true) => "ui-in-minutes",
            (Unit::Hour, true) => "ui-in-hours",
            (Unit::Day, true) => "ui-in-days",
            (Unit::Month, true) => "ui-in-months",
            (_, true) => "ui-in-years",
        };
        self.tn(key, distance.count)
    }

    /// Reads what was typed into a field of kind `datetime-local`: a minute in the zone of the person; nothing typed is
    /// none. A minute that the zone leaves out in spring is read as the one an hour later, one that comes twice in autumn
    /// as the first.
    ///
    /// # Errors
    /// [`NotAMoment`] for anything else.
    pub fn read_moment(&self, typed: &str) -> Result<Option<Timestamp>, NotAMoment> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let local: DateTime = typed.parse().map_err(|_| NotAMoment)?;
        if local.year() > FURTHEST_YEAR || local.year() < 1970 {
            return Err(NotAMoment);
        }
        let zoned = local.to_zoned(self.zone().clone());
        Ok(Some(zoned.map_err(|_| NotAMoment)?.timestamp()))
    }

    /// Writes a moment as a field of kind `datetime-local` wants it; empty for none.
    pub fn written_moment(&self, at: Option<Timestamp>) -> String {
        at.map_or_else(String::new, |at| {
            let zoned = at.to_zoned(self.zone().clone());
            zoned.strftime("%Y-%m-%dT%H:%M").to_string()
        })
    }

    fn element(&self, at: Timestamp, text: &str, relative: bool) -> Markup {
        let exact = format::date_time(at, &self.preferences.zone, self.language());
        let kind = if relative { " data-relative" } else { "" };
        Markup::from_escaped(format!(
            "<time datetime=\"{at}\" title=\"{}\"{kind}>{}</time>",
            escape(&exact),
            escape(text)
        ))
    }
}
