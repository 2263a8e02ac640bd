//! Searches, page by page (RFC 2696).

use ldap3_proto::control::LdapControl;
use ldap3_proto::proto::{
    LdapDerefAliases, LdapOp, LdapResult, LdapResultCode, LdapSearchRequest, LdapSearchScope,
};

use crate::connection::{Connection, said};
use crate::entry::Entry;
use crate::error::{Error, Step, Why};
use crate::filter::Filter;
use crate::limits::Limits;
use crate::server::Place;

/// Pages without an entry, in a row, after which a server is taken to go round in circles.
const MOST_EMPTY: u32 = 100;
/// Asks Active Directory not to point to other domains, as it does below the root of every domain
/// (LDAP_SERVER_DOMAIN_SCOPE_OID in MS-ADTS). OpenLDAP takes it for leave to say nothing of what it does not hold, so it
/// is not asked this way.
const OWN_DOMAIN: &str = "1.2.840.113556.1.4.1339";

/// What is looked for.
pub(crate) struct Search {
    pub(crate) step: Step,
    pub(crate) place: Place,
    pub(crate) attributes: Vec<String>,
    /// The base alone, and nothing below it.
    pub(crate) alone: bool,
    /// Whether pointers to other domains may be left out.
    pub(crate) own_domain: bool,
}

impl Search {
    /// Whether there is anything at the base.
    pub(crate) fn base(place: &Place) -> Self {
        let place = Place {
            base: place.base.clone(),
            filter: Filter::anything(),
        };
        Self {
            step: Step::Base,
            place,
            // "1.1" is no attribute at all (RFC 4511 section 4.5.1.8).
            attributes: vec!["1.1".to_owned()],
            alone: true,
            own_domain: false,
        }
    }

    fn at(&self) -> (Step, &str) {
        (self.step, &self.place.base)
    }

    fn request(&self) -> LdapSearchRequest {
        LdapSearchRequest {
            base: self.place.base.clone(),
            scope: if self.alone {
                LdapSearchScope::Base
            } else {
                LdapSearchScope::Subtree
            },
            aliases: LdapDerefAliases::Never,
            sizelimit: 0,
            timelimit: 0,
            typesonly: false,
            filter: self.place.filter.wire(),
            attrs: self.attributes.clone(),
        }
    }
}

/// Hands every entry to `take`, which may end the search by refusing one.
///
/// # Errors
/// What `take` refuses, and everything short of a complete answer.
pub(crate) async fn search(
    connection: &mut Connection,
    search: &Search,
    limits: &Limits,
    mut take: impl FnMut(Entry) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut cookie = Vec::new();
    let mut empty = 0;
    loop {
        let (count, next) = page(connection, (search, limits), cookie, &mut take).await?;
        empty = if count == 0 { empty + 1 } else { 0 };
        if next.is_empty() {
            return Ok(());
        }
        if empty > MOST_EMPTY {
            return Err(Error::new(search.step, Why::Endless, &search.place.base));
        }
        cookie = next;
    }
}

/// The first page alone: how many entries it has, and whether there are more.
pub(crate) async fn first_page(
    connection: &mut Connection,
    search: &Search,
    limits: &Limits,
) -> Result<(usize, bool), Error> {
    let page = page(connection, (search, limits), Vec::new(), &mut |_| Ok(())).await;
    page.map(|(count, next)| (count, !next.is_empty()))
}

/// One page: how many entries, and where the next one starts; nowhere after the last.
async fn page(
    connection: &mut Connection,
    (search, limits): (&Search, &Limits),
    cookie: Vec<u8>,
    take: &mut impl FnMut(Entry) -> Result<(), Error>,
) -> Result<(usize, Vec<u8>), Error> {
    let at = search.at();
    let size = i64::from(limits.page);
    let mut controls = vec![LdapControl::SimplePagedResults { size, cookie }];
    if search.own_domain {
        controls.push(LdapControl::Unknown {
            oid: OWN_DOMAIN.to_owned(),
            criticality: false,
            value: None,
        });
    }
    let request = LdapOp::SearchRequest(search.request());
    connection.ask(at, request, controls).await?;
    let mut count = 0;
    loop {
        let message = connection.answer(at).await?;
        match message.op {
            LdapOp::SearchResultEntry(found) => {
                count += 1;
                take(Entry::new(found, search.step, limits.value))?;
            }
            LdapOp::SearchResultReference(_) => {
                return Err(Error::new(at.0, Why::Referral, at.1));
            }
            LdapOp::SearchResultDone(result) => {
                expect_complete(at, &result)?;
                return Ok((count, next(message.ctrl)));
            }
            LdapOp::IntermediateResponse(_) => {}
            _ => return Err(Error::new(at.0, Why::Malformed, "another kind of answer")),
        }
    }
}

/// Where the next page starts. A server that does not page has sent everything.
fn next(controls: Vec<LdapControl>) -> Vec<u8> {
    let cookie = controls.into_iter().find_map(|control| match control {
        LdapControl::SimplePagedResults { cookie, .. } => Some(cookie),
        _ => None,
    });
    cookie.unwrap_or_default()
}

fn expect_complete((step, base): (Step, &str), result: &LdapResult) -> Result<(), Error> {
    let why = match result.code {
        LdapResultCode::Success => return Ok(()),
        LdapResultCode::SizeLimitExceeded
        | LdapResultCode::TimeLimitExceeded
        | LdapResultCode::AdminLimitExceeded => Why::Truncated,
        LdapResultCode::NoSuchObject | LdapResultCode::InvalidDNSyntax => {
            return Err(Error::new(Step::Base, Why::BaseMissing, base));
        }
        LdapResultCode::InsufficentAccessRights => Why::NotPermitted,
        LdapResultCode::Referral => Why::Referral,
        LdapResultCode::Busy | LdapResultCode::Unavailable => Why::BrokeOff,
        _ => Why::Refused,
    };
    Err(Error::new(step, why, format!("{base}: {}", said(result))))
}
