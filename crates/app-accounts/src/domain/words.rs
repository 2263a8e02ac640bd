//! Words for values in forms, queries and tables.

/// Gives each value of an enumeration its word.
macro_rules! words {
    ($kind:ty: $($variant:ident = $word:literal),+) => {
        impl $kind {
            /// All, in the order they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
        impl std::str::FromStr for $kind {
            type Err = $crate::domain::person::Unknown;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word).ok_or($crate::domain::person::Unknown)
            }
        }
    };
}
pub(super) use words;
