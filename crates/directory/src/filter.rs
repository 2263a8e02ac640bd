//! Search filters as people write them (RFC 4515), checked before they are sent.

use ldap3_proto::proto::{LdapFilter, LdapMatchingRuleAssertion, LdapSubstringFilter};

/// A filter that servers understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter(LdapFilter);

/// Where a filter stops being one: bytes from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the filter cannot be read from character {0} on (RFC 4515)")]
pub struct Unreadable(pub usize);

impl Filter {
    /// Longest filter, in bytes.
    pub const MOST: usize = 2_000;
    /// Deepest nesting.
    const DEEPEST: usize = 32;

    /// Reads what was typed. Values are UTF-8; `\2a` stands for a character that means something else.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn parse(typed: &str) -> Result<Self, Unreadable> {
        let text = typed.trim();
        if text.len() > Self::MOST {
            return Err(Unreadable(Self::MOST));
        }
        let mut reader = Reader { text, at: 0 };
        let filter = reader.filter(Self::DEEPEST)?;
        if reader.at < text.len() {
            return Err(Unreadable(reader.at));
        }
        Ok(Self(filter))
    }

    /// Everything there is.
    pub(crate) fn anything() -> Self {
        Self(LdapFilter::Present("objectClass".to_owned()))
    }

    /// What this takes and has that value, whatever is in it.
    pub(crate) fn with(&self, attribute: &str, value: &str) -> Self {
        let equal = LdapFilter::Equality(attribute.to_owned(), value.to_owned());
        Self(LdapFilter::And(vec![self.0.clone(), equal]))
    }

    pub(crate) fn wire(&self) -> LdapFilter {
        self.0.clone()
    }
}

/// A value as it may stand in a filter, whatever is in it (RFC 4515 section 3).
pub fn escape(value: &str) -> String {
    let code = |letter: char| match letter {
        '*' => Some("\\2a"),
        '(' => Some("\\28"),
        ')' => Some("\\29"),
        '\\' => Some("\\5c"),
        '\0' => Some("\\00"),
        _ => None,
    };
    let mut escaped = String::with_capacity(value.len());
    for letter in value.chars() {
        match code(letter) {
            Some(code) => escaped.push_str(code),
            None => escaped.push(letter),
        }
    }
    escaped
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn expect(&mut self, word: &str) -> Result<(), Unreadable> {
        if !self.rest().starts_with(word) {
            return Err(Unreadable(self.at));
        }
        self.at += word.len();
        Ok(())
    }

    fn filter(&mut self, depth: usize) -> Result<LdapFilter, Unreadable> {
        let depth = depth.checked_sub(1).ok_or(Unreadable(self.at))?;
        self.expect("(")?;
        let filter = match self.rest().chars().next() {
            Some('&') => LdapFilter::And(self.list(depth)?),
            Some('|') => LdapFilter::Or(self.list(depth)?),
            Some('!') => {
                self.at += 1;
                LdapFilter::Not(Box::new(self.filter(depth)?))
            }
            _ => self.item()?,
        };
        self.expect(")")?;
        Ok(filter)
    }

    /// At least one: servers differ in what none means.
    fn list(&mut self, depth: usize) -> Result<Vec<LdapFilter>, Unreadable> {
        self.at += 1;
        let mut filters = vec![self.filter(depth)?];
        while self.rest().starts_with('(') {
            filters.push(self.filter(depth)?);
        }
        Ok(filters)
    }

    fn item(&mut self) -> Result<LdapFilter, Unreadable> {
        let start = self.at;
        let of_name = |letter: char| letter.is_ascii_alphanumeric() || "-.;:".contains(letter);
        let rest = self.rest();
        let end = rest.find(|letter| !of_name(letter)).unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default().to_owned();
        self.at += end;
        let sign = ["=", ">=", "<=", "~="]
            .into_iter()
            .find(|sign| self.rest().starts_with(sign))
            .ok_or(Unreadable(self.at))?;
        self.at += sign.len();
        let parts = self.value()?;
        let whole = || match parts.as_slice() {
            [value] => Ok(value.clone()),
            _ => Err(Unreadable(start)),
        };
        // What stands before `:=` is a rule, not an attribute.
        if let (Some(rule), "=") = (name.strip_suffix(':'), sign) {
            return extensible(rule, whole()?).ok_or(Unreadable(start));
        }
        if !is_attribute(&name) {
            return Err(Unreadable(start));
        }
        Ok(match sign {
            ">=" => LdapFilter::GreaterOrEqual(name, whole()?),
            "<=" => LdapFilter::LessOrEqual(name, whole()?),
            "~=" => LdapFilter::Approx(name, whole()?),
            _ => equality(name, parts),
        })
    }

    /// The parts of a value between asterisks, without their escapes.
    fn value(&mut self) -> Result<Vec<String>, Unreadable> {
        let start = self.at;
        let mut parts = vec![Vec::new()];
        while let Some(byte) = self.text.as_bytes().get(self.at).copied() {
            match byte {
                b')' => break,
                b'(' | 0 => return Err(Unreadable(self.at)),
                b'*' => parts.push(Vec::new()),
                b'\\' => {
                    let code = self.text.get(self.at + 1..self.at + 3);
                    let code = code.filter(|code| code.bytes().all(|one| one.is_ascii_hexdigit()));
                    let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
                    let code = code.ok_or(Unreadable(self.at))?;
                    parts.last_mut().ok_or(Unreadable(start))?.push(code);
                    self.at += 2;
                }
                byte => parts.last_mut().ok_or(Unreadable(start))?.push(byte),
            }
            self.at += 1;
        }
        let text = |part| String::from_utf8(part).map_err(|_| Unreadable(start));
        parts.into_iter().map(text).collect()
    }
}

/// `=`: with asterisks a pattern, of one asterisk alone whether there is a value at all.
fn equality(name: String, mut parts: Vec<String>) -> LdapFilter {
    let filled = |part: String| (!part.is_empty()).then_some(part);
    let last = parts.pop().unwrap_or_default();
    if parts.is_empty() {
        return LdapFilter::Equality(name, last);
    }
    let initial = filled(parts.remove(0));
    let any: Vec<String> = parts.into_iter().filter_map(filled).collect();
    let final_ = filled(last);
    if initial.is_none() && any.is_empty() && final_.is_none() {
        return LdapFilter::Present(name);
    }
    let pattern = LdapSubstringFilter {
        initial,
        any,
        final_,
    };
    LdapFilter::Substring(name, pattern)
}

/// `attribute:dn:rule:=value`, of which each but one may be absent.
fn extensible(rule: &str, value: String) -> Option<LdapFilter> {
    let mut parts = rule.split(':');
    let attribute = parts.next().filter(|name| !name.is_empty());
    let mut parts: Vec<&str> = parts.collect();
    let dn_attributes = parts.first() == Some(&"dn");
    if dn_attributes {
        parts.remove(0);
    }
    let matching_rule = match parts.as_slice() {
        [] => None,
        [rule] if is_attribute(rule) => Some((*rule).to_owned()),
        _ => return None,
    };
    let fits =
        attribute.is_none_or(is_attribute) && (attribute.is_some() || matching_rule.is_some());
    fits.then(|| {
        LdapFilter::Extensible(LdapMatchingRuleAssertion {
            matching_rule,
            type_: attribute.map(str::to_owned),
            match_value: value,
            dn_attributes,
        })
    })
}

/// A name or a number with dots, and options (RFC 4512 section 2.5).
pub(crate) fn is_attribute(name: &str) -> bool {
    let starts = name.starts_with(|letter: char| letter.is_ascii_alphanumeric());
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-.;".contains(letter);
    starts && name.len() <= 128 && name.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn equal(name: &str, value: &str) -> LdapFilter {
        LdapFilter::Equality(name.to_owned(), value.to_owned())
    }

    #[test]
    fn what_the_standard_gives_as_examples_is_read() {
        for (typed, expected) in [
            ("(cn=Babs Jensen)", equal("cn", "Babs Jensen")),
            (
                "(!(cn=Tim Howes))",
                LdapFilter::Not(Box::new(equal("cn", "Tim Howes"))),
            ),
            (
                "(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))",
                LdapFilter::And(vec![
                    equal("objectClass", "Person"),
                    LdapFilter::Or(vec![
                        equal("sn", "Jensen"),
                        LdapFilter::Substring(
                            "cn".to_owned(),
                            LdapSubstringFilter {
                                initial: Some("Babs J".to_owned()),
                                any: vec![],
                                final_: None,
                            },
                        ),
                    ]),
                ]),
            ),
            (
                "(o=univ*of*mich*)",
                LdapFilter::Substring(
                    "o".to_owned(),
                    LdapSubstringFilter {
                        initial: Some("univ".to_owned()),
                        any: vec!["of".to_owned(), "mich".to_owned()],
                        final_: None,
                    },
                ),
            ),
            ("(seeAlso=)", equal("seeAlso", "")),
            ("(uid=*)", LdapFilter::Present("uid".to_owned())),
            (
                r"(o=Parens R Us \28for all your parenthetical needs\29)",
                equal("o", "Parens R Us (for all your parenthetical needs)"),
            ),
            (
                r"(cn=*\2A*)",
                LdapFilter::Substring(
                    "cn".to_owned(),
                    LdapSubstringFilter {
                        initial: None,
                        any: vec!["*".to_owned()],
                        final_: None,
                    },
                ),
            ),
            (r"(filename=C:\5cMyFile)", equal("filename", r"C:\MyFile")),
            (r"(sn=Lu\c4\8di\c4\87)", equal("sn", "Lučić")),
            (
                "(memberOf=cn=staff,cn=groups,dc=example,dc=org)",
                equal("memberOf", "cn=staff,cn=groups,dc=example,dc=org"),
            ),
            (
                "(userAccountControl:1.2.840.113556.1.4.803:=2)",
                LdapFilter::Extensible(LdapMatchingRuleAssertion {
                    matching_rule: Some("1.2.840.113556.1.4.803".to_owned()),
                    type_: Some("userAccountControl".to_owned()),
                    match_value: "2".to_owned(),
                    dn_attributes: false,
                }),
            ),
            (
                "(o:dn:=Ace Industry)",
                LdapFilter::Extensible(LdapMatchingRuleAssertion {
                    matching_rule: None,
                    type_: Some("o".to_owned()),
                    match_value: "Ace Industry".to_owned(),
                    dn_attributes: true,
                }),
            ),
        ] {
            assert_eq!(Filter::parse(typed), Ok(Filter(expected)), "{typed}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused_where_it_stops_being_one() {
        for (typed, at) in [
            ("", 0),
            ("uid=erika", 0),
            ("(uid=erika", 10),
            ("(uid=erika))", 11),
            ("(&)", 2),
            ("(=x)", 1),
            ("(uid=a(b)", 6),
            (r"(uid=\2)", 5),
            (r"(uid=\+1)", 5),
            (r"(uid=\c4)", 5),
            ("(uid>=a*)", 1),
            ("(u id=a)", 2),
            ("(::=a)", 1),
        ] {
            assert_eq!(Filter::parse(typed), Err(Unreadable(at)), "{typed}");
        }
        let deep = format!("{}(a=b){}", "(!".repeat(40), ")".repeat(40));
        assert!(Filter::parse(&deep).is_err());
        assert!(Filter::parse(&format!("(a={})", "x".repeat(Filter::MOST))).is_err());
    }

    proptest! {
        #[test]
        fn an_escaped_value_is_that_value_and_nothing_else(value in any::<String>()) {
            prop_assume!(value.len() < 500);
            let filter = Filter::parse(&format!("(cn={})", escape(&value)));
            // White space around the whole filter is the only thing that is taken off, and it is outside.
            prop_assert_eq!(filter, Ok(Filter(equal("cn", &value))));
        }

        #[test]
        fn whatever_is_typed_is_read_or_refused(typed in "[()&|!=*\\\\a-c0-9:;~<> é]{0,60}") {
            drop(Filter::parse(&typed));
        }
    }
}
