//! What a person chose for the look: theme, language, time zone; on this device (cookies) or in the profile (claims).
//!
//! Reads only. The cookies are written by `/auth/preferences`, the time zone's by the browser.

use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use jiff::tz::TimeZone;
use std::fmt;

use crate::cookies;
use crate::language::Language;

/// Cookie that holds this device's theme.
pub const THEME_COOKIE: &str = "cloud_theme";
/// Cookie that holds this device's language.
pub const LANGUAGE_COOKIE: &str = "cloud_lang";
/// Cookie in which the browser reports its time zone.
pub const ZONE_COOKIE: &str = "cloud_zone";

/// Light, dark, or whatever the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Follow the system.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All, in the order of menus.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word in attributes, cookies and forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The key of its name.
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => "ui-theme-system",
            Self::Light => "ui-theme-light",
            Self::Dark => "ui-theme-dark",
        }
    }

    /// The icon in menus.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::System => "device-desktop",
            Self::Light => "sun",
            Self::Dark => "moon",
        }
    }

    /// The theme a word stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.code() == code)
    }
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What the profile says, as found in the identity claims.
#[derive(Debug, Clone, Copy, Default)]
pub struct Claimed<'a> {
    /// The claim `theme`.
    pub theme: Option<&'a str>,
    /// The claim `locale`.
    pub locale: Option<&'a str>,
    /// The claim `zoneinfo`.
    pub zone: Option<&'a str>,
}

/// The preferences in force for one request.
#[derive(Debug, Clone)]
pub struct Preferences {
    /// Theme of the page.
    pub theme: Theme,
    /// Language of the page.
    pub language: Language,
    /// Zone in which times are written.
    pub zone: TimeZone,
}

impl Preferences {
    /// The device decides over the profile, the profile over what the browser asks for.
    pub fn of(headers: &HeaderMap, claimed: Claimed<'_>) -> Self {
        let theme = cookies::get(headers, THEME_COOKIE)
            .or(claimed.theme)
            .and_then(Theme::from_code)
            .unwrap_or_default();
        let language = cookies::get(headers, LANGUAGE_COOKIE)
            .and_then(Language::from_code)
            .or_else(|| claimed.locale.and_then(Language::from_code))
            .unwrap_or_else(|| {
                headers
                    .get(ACCEPT_LANGUAGE)
                    .and_then(|value| value.to_str().ok())
                    .map(Language::negotiate)
                    .unwrap_or_default()
            });
        let browser_zone = cookies::get(headers, ZONE_COOKIE).map(cookies::decode);
        let zone = claimed
            .zone
            .and_then(zone_named)
            .or_else(|| browser_zone.as_deref().and_then(zone_named))
            .unwrap_or(TimeZone::UTC);
        Self {
            theme,
            language,
            zone,
        }
    }
}

/// An IANA zone; a name longer than any of them is not even looked up.
fn zone_named(name: &str) -> Option<TimeZone> {
    (name.len() <= 64)
        .then(|| TimeZone::get(name).ok())
        .flatten()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{Claimed, Preferences, Theme};
    use crate::language::Language;
    use http::HeaderMap;

    fn headers(cookie: &str, accept: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", cookie.parse().unwrap());
        headers.insert("accept-language", accept.parse().unwrap());
        headers
    }

    #[test]
    fn the_device_overrides_the_profile() {
        let claimed = Claimed {
            theme: Some("light"),
            locale: Some("en"),
            zone: Some("Europe/Berlin"),
        };
        let found = Preferences::of(
            &headers(
                "cloud_theme=dark; cloud_lang=de; cloud_zone=Asia%2FTokyo",
                "en",
            ),
            claimed,
        );
        assert_eq!(found.theme, Theme::Dark);
        assert_eq!(found.language, Language::German);
        assert_eq!(found.zone.iana_name(), Some("Europe/Berlin"));
    }

    #[test]
    fn without_cookies_the_profile_then_the_browser_decides() {
        let claimed = Claimed {
            locale: Some("de-DE"),
            ..Claimed::default()
        };
        let found = Preferences::of(&headers("a=b", "en"), claimed);
        assert_eq!(found.language, Language::German);
        let found = Preferences::of(
            &headers("cloud_zone=Asia%2FTokyo", "de"),
            Claimed::default(),
        );
        assert_eq!(found.language, Language::German);
        assert_eq!(found.zone.iana_name(), Some("Asia/Tokyo"));
        assert_eq!(found.theme, Theme::System);
    }

    #[test]
    fn nonsense_is_ignored() {
        let found = Preferences::of(
            &headers(
                "cloud_theme=pink; cloud_lang=tlh; cloud_zone=../../etc/passwd",
                "*",
            ),
            Claimed::default(),
        );
        assert_eq!(found.theme, Theme::System);
        assert_eq!(found.language, Language::English);
        assert_eq!(found.zone.iana_name(), Some("UTC"));
    }
}
