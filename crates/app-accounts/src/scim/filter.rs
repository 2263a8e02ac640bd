//! Filters and paths (RFC 7644 sections 3.4.2.2 and 3.5.2): text in, a tree out. Knows no resource.

use serde_json::Value;

/// Longest filter, in bytes.
const LONGEST: usize = 2_000;
/// Deepest nesting of brackets and `not`.
const DEEPEST: usize = 16;

/// What a resource has to be like.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Filter {
    /// Both.
    And(Box<Filter>, Box<Filter>),
    /// At least one.
    Or(Box<Filter>, Box<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// The attribute has a value.
    Present(AttributePath),
    /// The attribute compares so with a value.
    Compare(AttributePath, Operator, Value),
    /// One value of a multi-valued attribute is like this.
    Values(AttributePath, Box<Filter>),
}

/// How an attribute compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
}

/// Names an attribute: `userName`, `name.familyName`, perhaps with the URN of its schema before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AttributePath {
    /// URN of the schema in lower case, if named.
    pub(super) schema: Option<String>,
    /// The attribute in lower case.
    pub(super) name: String,
    /// The sub-attribute in lower case.
    pub(super) sub: Option<String>,
}

/// What a PATCH operation is about: an attribute, perhaps some of its values, perhaps a part of each.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Target {
    /// The attribute.
    pub(super) attribute: AttributePath,
    /// Which of its values.
    pub(super) values: Option<Filter>,
}

/// The text is no filter, or too much of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("at character {0}")]
pub(super) struct Malformed(pub(super) usize);

/// Reads a filter.
pub(super) fn parse(text: &str) -> Result<Filter, Malformed> {
    let mut reader = Reader::new(text)?;
    let filter = reader.either(0)?;
    reader.end(filter)
}

/// Reads the path of a PATCH operation.
pub(super) fn parse_target(text: &str) -> Result<Target, Malformed> {
    let mut reader = Reader::new(text)?;
    let mut attribute = reader.path()?;
    let values = if reader.take('[') {
        let filter = reader.either(1)?;
        reader.expect(']')?;
        if reader.take('.') {
            attribute.sub = Some(reader.word(is_name)?.to_ascii_lowercase());
        }
        Some(filter)
    } else {
        None
    };
    reader.end(Target { attribute, values })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

fn is_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '$')
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Result<Self, Malformed> {
        if text.len() > LONGEST {
            return Err(Malformed(LONGEST));
        }
        Ok(Self { text, at: 0 })
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn wrong<T>(&self) -> Result<T, Malformed> {
        Err(Malformed(self.at))
    }

    fn spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(' ').len();
    }

    fn take(&mut self, letter: char) -> bool {
        let found = self.rest().starts_with(letter);
        self.at += if found { letter.len_utf8() } else { 0 };
        found
    }

    fn expect(&mut self, letter: char) -> Result<(), Malformed> {
        self.spaces();
        if self.take(letter) {
            Ok(())
        } else {
            self.wrong()
        }
    }

    fn end<T>(&mut self, read: T) -> Result<T, Malformed> {
        self.spaces();
        if self.rest().is_empty() {
            Ok(read)
        } else {
            self.wrong()
        }
    }

    fn word(&mut self, fits: impl Fn(char) -> bool) -> Result<&'a str, Malformed> {
        let rest = self.rest();
        let length = rest.find(|letter| !fits(letter)).unwrap_or(rest.len());
        let Some(word) = rest.get(..length).filter(|word| !word.is_empty()) else {
            return self.wrong();
        };
        self.at += length;
        Ok(word)
    }

    /// A word between spaces, if it comes next; keywords are not case-sensitive.
    fn keyword(&mut self, keyword: &str) -> bool {
        let before = self.at;
        self.spaces();
        let found = self
            .word(|letter| letter.is_ascii_alphabetic())
            .is_ok_and(|word| word.eq_ignore_ascii_case(keyword));
        let ends = self.rest().starts_with([' ', '(']);
        if found && ends {
            return true;
        }
        self.at = before;
        false
    }

    fn either(&mut self, depth: usize) -> Result<Filter, Malformed> {
        let mut filter = self.both(depth)?;
        while self.keyword("or") {
            filter = Filter::Or(Box::new(filter), Box::new(self.both(depth)?));
        }
        Ok(filter)
    }

    fn both(&mut self, depth: usize) -> Result<Filter, Malformed> {
        let mut filter = self.one(depth)?;
        while self.keyword("and") {
            filter = Filter::And(Box::new(filter), Box::new(self.one(depth)?));
        }
        Ok(filter)
    }

    fn one(&mut self, depth: usize) -> Result<Filter, Malformed> {
        if depth > DEEPEST {
            return self.wrong();
        }
        self.spaces();
        if self.take('(') {
            let filter = self.either(depth + 1)?;
            self.expect(')')?;
            return Ok(filter);
        }
        let before = self.at;
        if self.keyword("not") {
            self.spaces();
            if self.take('(') {
                let filter = self.either(depth + 1)?;
                self.expect(')')?;
                return Ok(Filter::Not(Box::new(filter)));
            }
        }
        self.at = before;
        let path = self.path()?;
        if self.take('[') {
            let filter = self.either(depth + 1)?;
            self.expect(']')?;
            return Ok(Filter::Values(path, Box::new(filter)));
        }
        self.comparison(path)
    }

    fn comparison(&mut self, path: AttributePath) -> Result<Filter, Malformed> {
        let before = self.at;
        self.spaces();
        let word = self.word(|letter| letter.is_ascii_alphabetic())?;
        let operator = match word.to_ascii_lowercase().as_str() {
            "pr" => return Ok(Filter::Present(path)),
            "eq" => Operator::Eq,
            "ne" => Operator::Ne,
            "co" => Operator::Co,
            "sw" => Operator::Sw,
            "ew" => Operator::Ew,
            "gt" => Operator::Gt,
            "ge" => Operator::Ge,
            "lt" => Operator::Lt,
            "le" => Operator::Le,
            _ => return Err(Malformed(before)),
        };
        if !self.rest().starts_with(' ') {
            return self.wrong();
        }
        self.spaces();
        Ok(Filter::Compare(path, operator, self.value()?))
    }

    /// A value as JSON writes it: text, number, true, false or null.
    fn value(&mut self) -> Result<Value, Malformed> {
        let mut values = serde_json::Deserializer::from_str(self.rest()).into_iter::<Value>();
        let value = match values.next() {
            Some(Ok(value)) if !value.is_object() && !value.is_array() => value,
            _ => return self.wrong(),
        };
        self.at += values.byte_offset();
        Ok(value)
    }

    /// `urn:...:User:name.familyName`, `name.familyName` or `userName`.
    fn path(&mut self) -> Result<AttributePath, Malformed> {
        self.spaces();
        let is_urn = self
            .rest()
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("urn:"));
        let schema = if is_urn {
            // The version of a schema has dots in it: the attribute follows the last colon.
            let rest = self.rest();
            let length = rest.find([' ', '[', ']', ')']).unwrap_or(rest.len());
            let whole = rest.get(..length).unwrap_or_default();
            let Some(colon) = whole.rfind(':') else {
                return self.wrong();
            };
            self.at += colon + 1;
            whole.get(..colon).map(str::to_ascii_lowercase)
        } else {
            None
        };
        let name = self.word(is_name)?.to_ascii_lowercase();
        let sub = if self.take('.') {
            Some(self.word(is_name)?.to_ascii_lowercase())
        } else {
            None
        };
        Ok(AttributePath { schema, name, sub })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(filter: &Filter) -> String {
        match filter {
            Filter::And(one, other) => format!("({} and {})", shown(one), shown(other)),
            Filter::Or(one, other) => format!("({} or {})", shown(one), shown(other)),
            Filter::Not(inner) => format!("not {}", shown(inner)),
            Filter::Present(path) => format!("{} pr", named(path)),
            Filter::Compare(path, operator, value) => {
                format!("{} {operator:?} {value}", named(path))
            }
            Filter::Values(path, inner) => format!("{}[{}]", named(path), shown(inner)),
        }
    }

    fn named(path: &AttributePath) -> String {
        let sub = path.sub.iter().map(|sub| format!(".{sub}"));
        std::iter::once(path.name.clone()).chain(sub).collect()
    }

    #[test]
    fn the_filters_of_the_rfc_are_read() {
        for (text, expected) in [
            (r#"userName eq "bjensen""#, r#"username Eq "bjensen""#),
            (
                r#"name.familyName co "O'Malley""#,
                r#"name.familyname Co "O'Malley""#,
            ),
            (
                r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#,
                r#"username Sw "J""#,
            ),
            ("title pr", "title pr"),
            (
                r#"meta.lastModified gt "2011-05-13T04:42:34Z""#,
                r#"meta.lastmodified Gt "2011-05-13T04:42:34Z""#,
            ),
            (
                r#"title pr and userType eq "Employee""#,
                r#"(title pr and usertype Eq "Employee")"#,
            ),
            ("a pr or b pr and c pr", "(a pr or (b pr and c pr))"),
            (
                r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#,
                r#"(usertype Eq "Employee" and (emails Co "example.com" or emails.value Co "example.org"))"#,
            ),
            (
                r#"not (emails co "x") and a pr"#,
                r#"(not emails Co "x" and a pr)"#,
            ),
            (
                r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp"]"#,
                r#"(emails[(type Eq "work" and value Co "@example.com")] or ims[type Eq "xmpp"])"#,
            ),
            ("active EQ true", "active Eq true"),
            (r#"a eq "say \"hi\" \u00e9""#, r#"a Eq "say \"hi\" é""#),
            ("notes pr", "notes pr"),
            ("not pr", "not pr"),
        ] {
            assert_eq!(shown(&parse(text).unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        let deep = format!("{}a pr{}", "(".repeat(20), ")".repeat(20));
        let long = format!("a eq \"{}\"", "x".repeat(2_000));
        for text in [
            "",
            " ",
            "a",
            "a eq",
            "a eq b",
            "a xx 1",
            "a eq \"x",
            "(a pr",
            "a pr)",
            "a pr and",
            "a[b pr",
            "a eq {}",
            "a eq [1]",
            "a pr b pr",
            ".a pr",
            "a. pr",
            "not a pr",
            "urn: pr",
            &deep,
            &long,
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn targets_name_values_and_parts_of_them() {
        let target = parse_target(r#"addresses[type eq "work"].streetAddress"#).unwrap();
        assert_eq!(target.attribute.sub.as_deref(), Some("streetaddress"));
        assert!(
            matches!(target.values, Some(Filter::Compare(_, Operator::Eq, value)) if value == json!("work"))
        );
        let plain = parse_target("name.familyName").unwrap();
        assert_eq!(
            (named(&plain.attribute).as_str(), plain.values),
            ("name.familyname", None)
        );
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
        let target = parse_target(enterprise).unwrap();
        assert!(
            target
                .attribute
                .schema
                .unwrap()
                .ends_with("enterprise:2.0:user")
        );
        for text in [
            "",
            "a b",
            "a[",
            "a[b pr]c",
            "a[b pr].",
            "members[value eq 1",
        ] {
            assert!(parse_target(text).is_err(), "{text}");
        }
    }

    /// No bytes make the parser panic, and what it reads it reads again from its own words.
    #[test]
    fn no_text_breaks_the_parser() {
        let parts = [
            "a", "eq", "pr", "and", "or", "not", "(", ")", "[", "]", " ", ".", ":", "\"x\"", "\"",
            "é", "1", "true", "urn:", "\\", "\u{0}", "emails", "-", "{",
        ];
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        for _ in 0..50_000 {
            let mut text = String::new();
            for _ in 0..12 {
                // xorshift64*: the same texts in every run.
                state ^= state >> 12;
                state ^= state << 25;
                state ^= state >> 27;
                let pick =
                    usize::try_from(state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40).unwrap();
                text.push_str(parts.get(pick % parts.len()).unwrap());
            }
            if let Ok(filter) = parse(&text) {
                let again = shown(&filter).replace("not ", "not (").len();
                assert!(again > 0, "{text}");
            }
            let _read = parse_target(&text);
        }
    }
}
