//! The mail addresses of a person.

use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

use super::name::EmailAddress;
use super::version::version_of;

/// Most addresses of a person, those that wait for confirmation included.
pub const MOST_ADDRESSES: usize = 10;

/// Identifies a mail address, or the claim to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AddressId(pub Uuid);

impl fmt::Display for AddressId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// An address that belongs to a person.
#[derive(Clone, Debug)]
pub struct Address {
    /// Which.
    pub id: AddressId,
    /// The address itself.
    pub address: String,
    /// When somebody followed a link that was sent there.
    pub verified_at: Option<Timestamp>,
    /// Whether mail goes there.
    pub is_primary: bool,
}

/// An address of which a person says that it is theirs.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Which.
    pub id: AddressId,
    /// The address itself.
    pub address: String,
    /// Until when the link works.
    pub expires_at: Timestamp,
}

/// Everything there is of a person.
#[derive(Clone, Debug)]
pub struct AddressBook {
    /// Theirs; the primary one first.
    pub addresses: Vec<Address>,
    /// What waits for confirmation, apart from addresses that are theirs already.
    pub claims: Vec<Claim>,
}

impl AddressBook {
    /// Of what is theirs and all they claim.
    pub fn new(addresses: Vec<Address>, mut claims: Vec<Claim>) -> Self {
        let is_theirs = |claim: &Claim| {
            addresses
                .iter()
                .any(|own| same(&own.address, &claim.address))
        };
        claims.retain(|claim| !is_theirs(claim));
        Self { addresses, claims }
    }

    /// A number that is another one when the addresses are others: `If-Match` of programs.
    pub fn version(&self) -> i64 {
        let parts = self.addresses.iter().flat_map(|own| {
            let marks: &[u8] = match (own.is_primary, own.verified_at.is_some()) {
                (true, true) => b"pc",
                (true, false) => b"p",
                (false, true) => b"c",
                (false, false) => b"",
            };
            [own.id.0.as_bytes(), own.address.as_bytes(), marks]
        });
        version_of(parts)
    }

    /// The address of that id.
    pub fn find(&self, id: AddressId) -> Option<&Address> {
        self.addresses.iter().find(|own| own.id == id)
    }

    /// Theirs, in whatever case it is typed.
    pub fn own(&self, typed: &EmailAddress) -> Option<&Address> {
        self.addresses
            .iter()
            .find(|own| same(&own.address, typed.as_str()))
    }

    /// Whether there is no room for one more; what is there already needs none.
    pub fn is_full_for(&self, typed: &EmailAddress) -> bool {
        let is_there = self.own(typed).is_some()
            || self
                .claims
                .iter()
                .any(|claim| same(&claim.address, typed.as_str()));
        !is_there && self.addresses.len() + self.claims.len() >= MOST_ADDRESSES
    }
}

/// Mail servers may tell cases of the part before the `@` apart (RFC 5321 section 2.4); none does.
fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
