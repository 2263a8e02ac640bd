//! Times in the zone and language of the person.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};

use super::{Moment, Shell};
use crate::format;
use crate::markup::{Markup, escape};

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
