//! What templates pass as numbers and times. They pass references of any depth, so these traits see through them.

use jiff::Timestamp;

/// A whole number.
pub trait Count {
    /// The number; what does not fit is the largest that does.
    fn count(&self) -> i64;
}

/// A point in time.
pub trait Moment {
    /// The time.
    fn moment(&self) -> Timestamp;
}

impl<T: Count + ?Sized> Count for &T {
    fn count(&self) -> i64 {
        (**self).count()
    }
}

impl<T: Moment + ?Sized> Moment for &T {
    fn moment(&self) -> Timestamp {
        (**self).moment()
    }
}

impl Moment for Timestamp {
    fn moment(&self) -> Timestamp {
        *self
    }
}

macro_rules! counts {
    ($($kind:ty),*) => {$(
        impl Count for $kind {
            fn count(&self) -> i64 {
                // The conversion is total for some of the types and not for others.
                #[allow(clippy::unnecessary_fallible_conversions, clippy::useless_conversion, reason = "one macro for all")]
                i64::try_from(*self).unwrap_or(i64::MAX)
            }
        }
    )*};
}
counts!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);
