//! A table as people paste or upload it: CSV (RFC 4180) in UTF-8 with any of the usual separators, bounded.

use std::fmt;

/// Most bytes of a file.
pub const MOST_BYTES: usize = 2 * 1024 * 1024;
/// Most rows below the headings.
pub const MOST_ROWS: usize = 10_000;
/// Most columns.
pub const MOST_COLUMNS: usize = 60;

/// What separates cells, in the order in which a tie is decided.
const SEPARATORS: [u8; 3] = [b';', b',', b'\t'];

/// Why something is no table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetProblem {
    /// Nothing in it, or no row below the headings.
    Empty,
    /// It broke off on its way here: what is missing cannot be told.
    CutOff,
    /// More bytes than [`MOST_BYTES`].
    TooLarge,
    /// More rows than [`MOST_ROWS`].
    TooManyRows,
    /// More columns than [`MOST_COLUMNS`].
    TooManyColumns,
    /// Not UTF-8, or with bytes that no text has.
    NotText,
}

/// A table with headings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Names of the columns, as they stand.
    pub headings: Vec<String>,
    /// The rows that hold anything.
    pub rows: Vec<SheetRow>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// Line of the file on which it begins, from 1.
    pub line: u32,
    /// What it holds, outer spaces removed; may be fewer or more cells than there are headings.
    pub cells: Vec<String>,
}

impl fmt::Display for SheetProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "it holds no row below the headings",
            Self::CutOff => "it broke off on its way here",
            Self::TooLarge => "it has more than 2 MiB",
            Self::TooManyRows => "it has more than 10000 rows",
            Self::TooManyColumns => "it has more than 60 columns",
            Self::NotText => "it is no text in UTF-8",
        })
    }
}

impl SheetRow {
    /// A cell; empty where the row is too short.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// The text of an uploaded file, without a byte order mark.
///
/// # Errors
/// It is too large, or no text.
pub fn text_of(bytes: Vec<u8>) -> Result<String, SheetProblem> {
    if bytes.len() > MOST_BYTES {
        return Err(SheetProblem::TooLarge);
    }
    let text = String::from_utf8(bytes).map_err(|_| SheetProblem::NotText)?;
    if text.contains('\0') {
        return Err(SheetProblem::NotText);
    }
    match text.strip_prefix('\u{feff}') {
        Some(rest) => Ok(rest.to_owned()),
        None => Ok(text),
    }
}

impl Sheet {
    /// Reads a table. What separates its cells is seen from the headings.
    ///
    /// # Errors
    /// What keeps it from being one.
    pub fn read(text: &str) -> Result<Self, SheetProblem> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut lines = Lines::new(&text);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator(&text))
            .flexible(true)
            .has_headers(false)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|_| SheetProblem::NotText)?;
            if record.iter().all(str::is_empty) {
                continue;
            }
            if rows.len() > MOST_ROWS {
                return Err(SheetProblem::TooManyRows);
            }
            let start = record.position().map_or(0, csv::Position::byte);
            rows.push(SheetRow {
                line: lines.at(start),
                cells: record.iter().map(str::to_owned).collect(),
            });
        }
        if rows.len() < 2 {
            return Err(SheetProblem::Empty);
        }
        let mut headings = rows.remove(0).cells;
        while headings.last().is_some_and(String::is_empty) {
            headings.pop();
        }
        if headings.len() > MOST_COLUMNS {
            return Err(SheetProblem::TooManyColumns);
        }
        Ok(Self { headings, rows })
    }
}

/// Counts lines as an editor does. The reader itself does not count those that hold nothing.
struct Lines<'a> {
    text: &'a [u8],
    place: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            place: 0,
            line: 1,
        }
    }

    /// The line of what begins at a byte or, where there is nothing, after it. Bytes only grow.
    fn at(&mut self, byte: u64) -> u32 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(letter) = self.text.get(self.place)
            && (self.place < byte || *letter == b'\n')
        {
            self.line += u32::from(*letter == b'\n');
            self.place += 1;
        }
        self.line
    }
}

/// The separator that the first line holds most of, outside of quotes.
fn separator(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [0_usize; SEPARATORS.len()];
    for byte in text.trim_start().bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            byte => {
                let found = SEPARATORS.iter().zip(&mut counts);
                for (_, count) in found.filter(|(separator, _)| **separator == byte) {
                    *count += 1;
                }
            }
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let best = SEPARATORS
        .iter()
        .zip(counts)
        .find(|(_, count)| *count == most);
    best.filter(|_| most > 0)
        .map_or(b',', |(separator, _)| *separator)
}

#[cfg(test)]
mod tests {
    use super::{MOST_ROWS, Sheet, SheetProblem, text_of};

    fn cells(text: &str) -> Vec<Vec<String>> {
        let sheet = Sheet::read(text).unwrap();
        sheet.rows.into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn any_usual_separator_and_quotes_are_read() {
        for text in [
            "name,email\n\"Doe, J\u{f6}rg\",j@x.org\n",
            "name;email\r\n\"Doe, J\u{f6}rg\";j@x.org",
            "name\temail\r\"Doe, J\u{f6}rg\" \t j@x.org\r",
        ] {
            assert_eq!(cells(text), [["Doe, J\u{f6}rg", "j@x.org"]], "{text}");
        }
        let sheet = Sheet::read("\"a;b\",c\r\n1,\"2\n3\"\r\n\r\n,\r\n\r\n4,5\r\n").unwrap();
        assert_eq!(
            sheet.headings,
            ["a;b", "c"],
            "what is quoted separates nothing"
        );
        let lines: Vec<u32> = sheet.rows.iter().map(|row| row.line).collect();
        assert_eq!(
            lines,
            [2, 7],
            "empty rows are none, and lines are counted in the file"
        );
        assert_eq!(sheet.rows[0].cell(1), "2\n3");
        assert_eq!(sheet.rows[0].cell(7), "");
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for nothing in ["", "\n\n", "name,email\n", "name,email\n,\n"] {
            assert_eq!(Sheet::read(nothing), Err(SheetProblem::Empty), "{nothing}");
        }
        let wide = format!("{}\n1\n", vec!["h"; 61].join(","));
        assert_eq!(Sheet::read(&wide), Err(SheetProblem::TooManyColumns));
        let long = |rows: usize| format!("name\n{}", "x\n".repeat(rows));
        assert_eq!(Sheet::read(&long(MOST_ROWS)).unwrap().rows.len(), MOST_ROWS);
        assert_eq!(
            Sheet::read(&long(MOST_ROWS + 1)),
            Err(SheetProblem::TooManyRows)
        );
    }

    #[test]
    fn only_text_in_utf_8_is_read() {
        assert_eq!(text_of(b"\xef\xbb\xbfname".to_vec()).unwrap(), "name");
        assert_eq!(text_of(b"J\xf6rg".to_vec()), Err(SheetProblem::NotText));
        assert_eq!(text_of(b"a\0b".to_vec()), Err(SheetProblem::NotText));
        assert_eq!(
            text_of(vec![b'a'; 2 * 1024 * 1024 + 1]),
            Err(SheetProblem::TooLarge)
        );
    }
}
