//! A place in a list that is ordered by name or time: name or time, and id, of the last row before it. It stays right
//! when that row is gone. Opaque to clients.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use uuid::Uuid;

use crate::error::Error;

/// Rows of a page unless the caller says otherwise.
const PAGE: u16 = 50;
/// Most rows of a page.
const MOST: u16 = 200;
/// Longest cursor: an id and a name of 120 characters of four bytes, in base64.
const LONGEST: usize = 700;

/// Which page is asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Page {
    after: Option<String>,
    limit: Option<u16>,
}

impl Page {
    /// The page that a query names among other things.
    pub(super) fn new(after: Option<String>, limit: Option<u16>) -> Self {
        Self { after, limit }
    }

    /// The row before the page, if it is not the first, and how many rows it has.
    pub(super) fn read(&self) -> Result<(Option<(Uuid, String)>, u16), Error> {
        let limit = self.limit.unwrap_or(PAGE);
        if !(1..=MOST).contains(&limit) {
            return Err(Error::Limit);
        }
        let after = self.after.as_deref().map(decode).transpose()?;
        Ok((after, limit))
    }
}

/// Cuts off the row beyond the page, which was read to see whether there is one, and names the next page.
pub(super) fn next<T>(
    rows: &mut Vec<T>,
    limit: u16,
    place: impl FnOnce(&T) -> (Uuid, String),
) -> Option<String> {
    let more = rows.len() > usize::from(limit);
    rows.truncate(limit.into());
    let (id, name) = rows.last().filter(|_| more).map(place)?;
    Some(encode(id, &name))
}

/// The text of a place: the last row before it.
pub(crate) fn encode(id: Uuid, name: &str) -> String {
    let mut bytes = id.as_bytes().to_vec();
    bytes.extend_from_slice(name.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads the text of a place.
///
/// # Errors
/// [`Error::NotACursor`] for any other text.
pub(crate) fn decode(text: &str) -> Result<(Uuid, String), Error> {
    if text.len() > LONGEST {
        return Err(Error::NotACursor);
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    let (id, name) = bytes
        .as_deref()
        .and_then(<[u8]>::split_first_chunk::<16>)
        .ok_or(Error::NotACursor)?;
    let name = std::str::from_utf8(name).map_err(|_| Error::NotACursor)?;
    if name.contains('\0') {
        return Err(Error::NotACursor);
    }
    Ok((Uuid::from_bytes(*id), name.to_owned()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_again() {
        let longest = "\u{1f9a9}".repeat(120);
        for name in ["", "Ada ~ & Co", &longest] {
            let place = (Uuid::from_u128(7), name.to_owned());
            assert_eq!(decode(&encode(place.0, name)).unwrap(), place);
        }
    }

    #[test]
    fn what_no_list_named_is_refused() {
        let nul = encode(Uuid::nil(), "a\0b");
        let long = "A".repeat(701);
        for text in ["", "nonsense", "AAAA", "%%%", &nul, &long] {
            assert!(decode(text).is_err(), "{text}");
        }
        let half = URL_SAFE_NO_PAD.encode([&[0_u8; 16][..], &[0xff]].concat());
        assert!(decode(&half).is_err(), "the name is not UTF-8");
    }

    #[test]
    fn a_page_has_1_to_200_rows() {
        let page = |limit| Page { after: None, limit };
        assert_eq!(page(None).read().unwrap().1, 50);
        assert_eq!(page(Some(200)).read().unwrap().1, 200);
        assert!(page(Some(0)).read().is_err());
        assert!(page(Some(201)).read().is_err());
    }
}
