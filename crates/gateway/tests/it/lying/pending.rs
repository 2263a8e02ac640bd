//! Lies that the gateway does not see through yet, by their names. A row runs as soon as it is not named here.

pub(super) const LIES: &[&str] = &[
    "a list of lengths that agree",
    "a coding and a length",
    "a length that covers another answer behind the chunks",
    "a coding that nobody knows",
    "a coding that nobody here undoes",
    "chunks that are not the last coding",
    "chunks twice",
    "a size without end",
    "trailers that are not up to an app",
    "a value of 70 KiB",
    "a head of 70 KiB",
    "hints without end",
    "100 without end",
];
