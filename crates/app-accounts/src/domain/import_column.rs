//! What the columns of a table of people hold.

use std::str::FromStr;

use uuid::Uuid;

use super::custom_field::{Field, Viewer};
use super::person::Unknown;

/// What the word of a declared field begins with.
const FIELD: &str = "field:";

/// What a column holds of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// Mail address: who they are. Every row needs one.
    Email,
    /// Name to show; first and last names stand in for it.
    DisplayName,
    /// Name to sign in with; made of the mail address without one.
    Username,
    /// First names.
    GivenName,
    /// Last names.
    FamilyName,
    /// Job title.
    Title,
    /// Department.
    Department,
    /// Telephone number.
    Phone,
    /// What they may do.
    Role,
    /// Names of groups, parted by semicolons.
    Groups,
    /// Last day of the account.
    EndsOn,
    /// Sign-in name or mail address of whom they report to.
    Manager,
    /// Sign-in name or mail address of who answers for them, where they are a guest.
    Sponsor,
    /// What the declared field of this id holds.
    Field(Uuid),
}

impl Column {
    /// All but those of declared fields, in the order they are offered.
    pub const ALL: [Self; 13] = [
        Self::Email,
        Self::DisplayName,
        Self::Username,
        Self::GivenName,
        Self::FamilyName,
        Self::Title,
        Self::Department,
        Self::Phone,
        Self::Role,
        Self::Groups,
        Self::EndsOn,
        Self::Manager,
        Self::Sponsor,
    ];

    /// Its word in forms and tables: a name, or `field:` and an id.
    pub fn word(self) -> String {
        match self {
            Self::Field(id) => format!("{FIELD}{id}"),
            column => column.name().to_owned(),
        }
    }

    /// The word without the id of a field.
    fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::DisplayName => "display_name",
            Self::Username => "username",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Title => "title",
            Self::Department => "department",
            Self::Phone => "phone",
            Self::Role => "role",
            Self::Groups => "groups",
            Self::EndsOn => "ends_on",
            Self::Manager => "manager",
            Self::Sponsor => "sponsor",
            Self::Field(_) => FIELD,
        }
    }

    /// What a heading says, in letters and digits alone and in lower case: words parted by spaces.
    fn headings(self) -> std::str::Split<'static, char> {
        let words = match self {
            Self::Email => "email mail emailaddress mailaddress emailadresse mailadresse",
            Self::DisplayName => "name displayname fullname anzeigename vollername",
            Self::Username => "username user login uid benutzername benutzer anmeldename",
            Self::GivenName => "givenname givennames firstname firstnames vorname vornamen",
            Self::FamilyName => "familyname lastname surname sn nachname familienname",
            Self::Title => "title jobtitle position titel funktion",
            Self::Department => "department abteilung bereich",
            Self::Phone => "phone telephone phonenumber mobile telefon telefonnummer mobil",
            Self::Role => "role rolle",
            Self::Groups => "group groups team teams gruppe gruppen",
            Self::EndsOn => "lastday endson expires expiry letztertag ende ablauf",
            Self::Manager => "manager reportsto supervisor vorgesetzt vorgesetzte vorgesetzter",
            Self::Sponsor => "sponsor sponsoredby host gastgeber gastgeberin verantwortlich",
            Self::Field(_) => return "".split(' '),
        };
        words.split(' ')
    }

    /// Guesses what each column holds; no two the same. Declared fields are known by their names and labels, where
    /// nothing else is called so.
    pub fn guess(headings: &[String], fields: &[Field]) -> Vec<Option<Self>> {
        let named = Self::ALL.into_iter().map(|column| {
            let words = column.headings().map(str::to_owned).collect();
            (column, words)
        });
        let seen = |field: &&Field| field.is_seen_by(Viewer::Administrator);
        let declared = fields.iter().filter(seen).map(|field| {
            let words = [&field.name, &field.label_en, &field.label_de];
            (
                Self::Field(field.id),
                words.map(|word| letters(word)).into(),
            )
        });
        let mut left: Vec<(Self, Vec<String>)> = named.chain(declared).collect();
        let mut guess = |heading: &String| {
            let word = letters(heading);
            let place = left
                .iter()
                .position(|(_, words)| !word.is_empty() && words.contains(&word))?;
            Some(left.remove(place).0)
        };
        headings.iter().map(&mut guess).collect()
    }
}

/// What a heading says: its letters and digits, in lower case.
fn letters(heading: &str) -> String {
    let letters = heading.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

impl FromStr for Column {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        if let Some(id) = word.strip_prefix(FIELD) {
            return id.parse().map(Self::Field).map_err(|_| Unknown);
        }
        let found = Self::ALL.into_iter().find(|column| column.name() == word);
        found.ok_or(Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::Column;

    #[test]
    fn columns_are_guessed_from_headings_in_both_languages_and_once() {
        let guess = |headings: &[&str]| {
            let headings: Vec<String> = headings.iter().map(|word| (*word).to_owned()).collect();
            Column::guess(&headings, &[])
        };
        assert_eq!(
            guess(&[
                "E-Mail",
                "First name",
                "SURNAME",
                "Shoe size",
                "Teams",
                "Last day"
            ]),
            [
                Some(Column::Email),
                Some(Column::GivenName),
                Some(Column::FamilyName),
                None,
                Some(Column::Groups),
                Some(Column::EndsOn)
            ]
        );
        assert_eq!(
            guess(&["Mail-Adresse", "E-Mail", "Benutzername", "Letzter Tag", ""]),
            [
                Some(Column::Email),
                None,
                Some(Column::Username),
                Some(Column::EndsOn),
                None
            ]
        );
    }

    #[test]
    fn no_heading_means_two_columns() {
        let mut seen = std::collections::HashSet::new();
        for column in Column::ALL {
            for word in column.headings() {
                assert!(seen.insert(word), "{word}");
            }
        }
    }
}
