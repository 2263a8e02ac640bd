//! One entry of an answer: its attributes, without regard to the case of their names, within limits.

use ldap3_proto::proto::LdapSearchResultEntry;
use uuid::Uuid;

use crate::error::{Error, Step, Why};
use crate::mapping::IdForm;
use crate::snapshot::EntryId;

/// An entry while it is read.
pub(crate) struct Entry {
    pub(crate) dn: String,
    attributes: Vec<(String, Vec<Vec<u8>>)>,
    step: Step,
    longest: usize,
}

impl Entry {
    pub(crate) fn new(found: LdapSearchResultEntry, step: Step, longest: usize) -> Self {
        let attributes = found.attributes.into_iter();
        Self {
            dn: found.dn,
            attributes: attributes.map(|one| (one.atype, one.vals)).collect(),
            step,
            longest,
        }
    }

    /// A refusal of this entry, because of that attribute.
    pub(crate) fn error(&self, why: Why, attribute: &str) -> Error {
        Error::new(self.step, why, format!("{attribute}: {}", self.dn))
    }

    /// The values of an attribute, none of them longer than allowed.
    pub(crate) fn bytes(&self, name: &str) -> Result<&[Vec<u8>], Error> {
        self.expect_whole(name)?;
        let named = |(found, _): &&(String, Vec<Vec<u8>>)| found.eq_ignore_ascii_case(name);
        let Some((_, values)) = self.attributes.iter().find(named) else {
            return Ok(&[]);
        };
        if values.iter().any(|value| value.len() > self.longest) {
            return Err(self.error(Why::ValueTooLong, name));
        }
        Ok(values)
    }

    /// Active Directory hands out long lists as `member;range=0-1499` beside an empty `member`. Taken for none, they
    /// would empty the group.
    fn expect_whole(&self, name: &str) -> Result<(), Error> {
        let prefix = format!("{};range=", name.to_ascii_lowercase());
        let starts = |(found, values): &(String, Vec<Vec<u8>>)| {
            !values.is_empty() && found.to_ascii_lowercase().starts_with(&prefix)
        };
        if self.attributes.iter().any(starts) {
            return Err(self.error(Why::InPieces, name));
        }
        Ok(())
    }

    /// The values of an attribute as text.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<&str>, Error> {
        let text = |value| {
            let text: Result<&str, _> = std::str::from_utf8(value);
            let text = text.map_err(|_| self.error(Why::ValueUnreadable, name))?;
            Ok(text.trim())
        };
        self.bytes(name)?.iter().map(|value| text(value)).collect()
    }

    /// The one value of an attribute; of several the first in the order of the alphabet, because directories have none.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Error> {
        if name.is_empty() {
            return Ok("");
        }
        Ok(self.texts(name)?.into_iter().min().unwrap_or_default())
    }

    /// As [`Entry::text`], but there has to be one.
    pub(crate) fn required(&self, name: &str) -> Result<&str, Error> {
        match self.text(name)? {
            "" => Err(self.error(Why::Missing, name)),
            text => Ok(text),
        }
    }

    /// The id that stays.
    pub(crate) fn id(&self, name: &str, form: IdForm) -> Result<EntryId, Error> {
        if form == IdForm::Text {
            return Ok(EntryId(self.required(name)?.to_lowercase()));
        }
        let values = self.bytes(name)?;
        let first = values
            .first()
            .ok_or_else(|| self.error(Why::Missing, name))?;
        let bytes = first.as_slice().try_into();
        let bytes: [u8; 16] = bytes.map_err(|_| self.error(Why::ValueUnreadable, name))?;
        Ok(EntryId(Uuid::from_bytes_le(bytes).to_string()))
    }
}

#[cfg(test)]
mod tests {
    use ldap3_proto::proto::LdapPartialAttribute;

    use super::*;

    fn entry(attributes: &[(&str, &[&[u8]])]) -> Entry {
        let attribute = |(name, values): &(&str, &[&[u8]])| LdapPartialAttribute {
            atype: (*name).to_owned(),
            vals: values.iter().map(|value| value.to_vec()).collect(),
        };
        let found = LdapSearchResultEntry {
            dn: "cn=x".to_owned(),
            attributes: attributes.iter().map(attribute).collect(),
        };
        Entry::new(found, Step::People, 32)
    }

    #[test]
    fn names_have_no_case_and_values_no_order() {
        let entry = entry(&[("MAIL", &[b" b@x ", b"a@x"])]);
        assert_eq!(entry.text("mail").unwrap(), "a@x");
        assert_eq!(entry.text("cn").unwrap(), "");
        assert_eq!(entry.required("cn").unwrap_err().why, Why::Missing);
    }

    #[test]
    fn what_is_too_long_or_no_text_is_not_cut_or_guessed() {
        let entry = entry(&[("cn", &[&[b'x'; 33]]), ("sn", &[b"\xff"])]);
        assert_eq!(entry.text("cn").unwrap_err().why, Why::ValueTooLong);
        assert_eq!(entry.text("sn").unwrap_err().why, Why::ValueUnreadable);
    }

    #[test]
    fn a_list_in_pieces_is_not_taken_for_an_empty_one() {
        let pieces = entry(&[("member", &[]), ("Member;Range=0-1499", &[b"cn=a"])]);
        assert_eq!(pieces.texts("member").unwrap_err().why, Why::InPieces);
    }

    #[test]
    fn an_id_of_active_directory_reads_as_its_tools_show_it() {
        let bytes: Vec<u8> = (0..16).collect();
        let entry = entry(&[("objectGUID", &[&bytes]), ("id", &[b"ABC-1"])]);
        let id = entry.id("objectGUID", IdForm::Guid).unwrap();
        assert_eq!(id.0, "03020100-0504-0706-0809-0a0b0c0d0e0f");
        assert_eq!(entry.id("id", IdForm::Text).unwrap().0, "abc-1");
        let unread = entry.id("id", IdForm::Guid).unwrap_err();
        assert_eq!(unread.why, Why::ValueUnreadable);
    }
}
