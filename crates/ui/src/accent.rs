//! Accent colours.
//!
//! An app declares any colour; pages use the nearest of twelve that were tuned for contrast on light
//! and on dark ground. A free colour would need an inline style, which the content security policy
//! refuses, and would be unreadable in one of the two themes.

use std::fmt;

/// One of the tuned accents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Accent {
    /// Hue of the house, when an app names none.
    #[default]
    Blue,
    #[allow(missing_docs, reason = "the name says it")]
    Indigo,
    #[allow(missing_docs, reason = "the name says it")]
    Violet,
    #[allow(missing_docs, reason = "the name says it")]
    Pink,
    #[allow(missing_docs, reason = "the name says it")]
    Red,
    #[allow(missing_docs, reason = "the name says it")]
    Orange,
    #[allow(missing_docs, reason = "the name says it")]
    Amber,
    #[allow(missing_docs, reason = "the name says it")]
    Lime,
    #[allow(missing_docs, reason = "the name says it")]
    Green,
    #[allow(missing_docs, reason = "the name says it")]
    Teal,
    #[allow(missing_docs, reason = "the name says it")]
    Sky,
    #[allow(missing_docs, reason = "the name says it")]
    Slate,
}

impl Accent {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Blue,
        Self::Indigo,
        Self::Violet,
        Self::Pink,
        Self::Red,
        Self::Orange,
        Self::Amber,
        Self::Lime,
        Self::Green,
        Self::Teal,
        Self::Sky,
        Self::Slate,
    ];

    /// The word in `data-accent`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Blue => "blue",
            Self::Indigo => "indigo",
            Self::Violet => "violet",
            Self::Pink => "pink",
            Self::Red => "red",
            Self::Orange => "orange",
            Self::Amber => "amber",
            Self::Lime => "lime",
            Self::Green => "green",
            Self::Teal => "teal",
            Self::Sky => "sky",
            Self::Slate => "slate",
        }
    }

    /// The accent for a declaration such as `#0ea5e9` or `teal`; the default for anything else.
    pub fn from_declared(declared: &str) -> Self {
        if let Some(named) = Self::ALL.into_iter().find(|a| a.code() == declared) {
            return named;
        }
        let Some((hue, saturation)) = hue_and_saturation(declared) else {
            return Self::default();
        };
        if saturation < 0.18 {
            return Self::Slate;
        }
        Self::ALL
            .into_iter()
            .filter_map(|accent| Some((accent, distance(hue, accent.hue()?))))
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map_or_else(Self::default, |(accent, _)| accent)
    }

    /// Hue in degrees (HSL); none for the neutral one.
    const fn hue(self) -> Option<f32> {
        match self {
            Self::Blue => Some(217.0),
            Self::Indigo => Some(239.0),
            Self::Violet => Some(262.0),
            Self::Pink => Some(330.0),
            Self::Red => Some(0.0),
            Self::Orange => Some(21.0),
            Self::Amber => Some(38.0),
            Self::Lime => Some(84.0),
            Self::Green => Some(142.0),
            Self::Teal => Some(173.0),
            Self::Sky => Some(199.0),
            Self::Slate => None,
        }
    }
}

impl fmt::Display for Accent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

fn distance(a: f32, b: f32) -> f32 {
    let d = (a - b).abs() % 360.0;
    d.min(360.0 - d)
}

/// Hue in degrees and saturation (chroma) in 0..=1 of `#rgb` or `#rrggbb`.
fn hue_and_saturation(hex: &str) -> Option<(f32, f32)> {
    let digits = hex.strip_prefix('#')?;
    let value = u32::from_str_radix(digits, 16).ok()?;
    let (r, g, b) = match digits.len() {
        3 => (
            (value >> 8) * 17,
            ((value >> 4) & 15) * 17,
            (value & 15) * 17,
        ),
        6 => (value >> 16, (value >> 8) & 255, value & 255),
        _ => return None,
    };
    let channel = |c: u32| f32::from(u8::try_from(c).unwrap_or(u8::MAX)) / 255.0;
    let (r, g, b) = (channel(r), channel(g), channel(b));
    let max = r.max(g).max(b);
    let chroma = max - r.min(g).min(b);
    if chroma <= f32::EPSILON {
        return Some((0.0, 0.0));
    }
    let sextant = if max <= r {
        ((g - b) / chroma).rem_euclid(6.0)
    } else if max <= g {
        (b - r) / chroma + 2.0
    } else {
        (r - g) / chroma + 4.0
    };
    Some((sextant * 60.0, chroma))
}

#[cfg(test)]
mod tests {
    use super::Accent;

    #[test]
    fn declared_colours_find_their_neighbour() {
        for (declared, accent) in [
            ("#0ea5e9", Accent::Sky),
            ("#dc2626", Accent::Red),
            ("#f43f5e", Accent::Red),
            ("#7c3aed", Accent::Violet),
            ("#16a34a", Accent::Green),
            ("#0d9488", Accent::Teal),
            ("#64748b", Accent::Slate),
            ("#f90", Accent::Amber),
            ("teal", Accent::Teal),
            ("#zzz", Accent::Blue),
            ("", Accent::Blue),
        ] {
            assert_eq!(Accent::from_declared(declared), accent, "{declared}");
        }
    }
}
