//! The chunked coding (RFC 9112, 7.1), read strictly: sizes of up to sixteen digits, line ends of two bytes, bounded
//! extensions and trailers. Extensions mean nothing beyond one connection and are not passed on.

use super::MOST_FIELDS;

/// Bytes the extensions of all chunks may have.
const LONGEST_EXTENSION: usize = 4 * 1024;
/// Bytes the trailers may have.
const LONGEST_TRAILER: usize = 16 * 1024;
/// Digits a size may have.
const MOST_DIGITS: u8 = 16;

/// Where within a chunked body.
#[derive(Clone, Debug)]
pub(crate) struct Chunks {
    at: At,
    /// Bytes of extensions so far.
    extensions: usize,
    trailer: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// In the size.
    Size {
        size: u64,
        digits: u8,
    },
    /// In blanks behind the size, which only an extension may follow.
    Blank {
        size: u64,
    },
    /// In the extensions.
    Extension {
        size: u64,
    },
    /// Before the line feed that ends the line with the size.
    SizeEnd {
        size: u64,
    },
    /// In the data.
    Data {
        left: u64,
    },
    /// Before the line break behind the data.
    DataCr,
    DataLf,
    /// In the trailers; where the current line begins.
    Trailer {
        line: usize,
    },
    /// Behind the end.
    End,
}

/// What the next bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Skip `skip` bytes; then come `data` bytes of the body.
    Data { skip: usize, data: usize },
    /// All of them were read and more is needed.
    More,
    /// The body ended, and this many bytes belong to it.
    End { skip: usize },
}

/// The coding is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ChunkError {
    #[error("the chunks are malformed")]
    Malformed,
    #[error("extensions or trailers are too long")]
    TooLong,
}

impl Chunks {
    /// At the beginning of a body.
    pub(crate) fn new() -> Self {
        Self {
            at: At::Size { size: 0, digits: 0 },
            extensions: 0,
            trailer: Vec::new(),
        }
    }

    /// Whether the body has ended.
    pub(crate) fn is_done(&self) -> bool {
        self.at == At::End
    }

    /// The lines of the trailers, each with its line break, once the body has ended.
    pub(crate) fn trailer(&self) -> &[u8] {
        &self.trailer
    }

    /// Finds the next data in `bytes`. Data it names counts as read.
    pub(crate) fn next(&mut self, bytes: &[u8]) -> Result<Piece, ChunkError> {
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied() {
            if let At::Data { left } = self.at {
                let here = bytes.len() - at;
                let data = usize::try_from(left).unwrap_or(usize::MAX).min(here);
                let left = left - u64::try_from(data).unwrap_or(left);
                self.at = if left == 0 {
                    At::DataCr
                } else {
                    At::Data { left }
                };
                return Ok(Piece::Data { skip: at, data });
            }
            at += 1;
            self.step(byte)?;
            if self.at == At::End {
                return Ok(Piece::End { skip: at });
            }
        }
        Ok(Piece::More)
    }

    fn step(&mut self, byte: u8) -> Result<(), ChunkError> {
        self.at = match (self.at, byte) {
            (At::Size { size, digits: 1.. } | At::Extension { size }, b'\r') => {
                At::SizeEnd { size }
            }
            (At::Size { size, digits: 1.. } | At::Blank { size }, b' ' | b'\t') => {
                self.count_extension()?;
                At::Blank { size }
            }
            (At::Size { size, digits: 1.. } | At::Blank { size }, b';') => At::Extension { size },
            (At::Size { size, digits }, byte) => {
                let digit = char::from(byte)
                    .to_digit(16)
                    .filter(|_| digits < MOST_DIGITS);
                let digit = digit.ok_or(ChunkError::Malformed)?;
                At::Size {
                    size: size << 4 | u64::from(digit),
                    digits: digits + 1,
                }
            }
            (At::Extension { .. }, b'\n' | 0..=8 | 0x0b..=0x1f | 0x7f) => {
                return Err(ChunkError::Malformed);
            }
            (At::Extension { size }, _) => {
                self.count_extension()?;
                At::Extension { size }
            }
            (At::SizeEnd { size: 0 }, b'\n') => At::Trailer { line: 0 },
            (At::SizeEnd { size }, b'\n') => At::Data { left: size },
            (At::DataCr, b'\r') => At::DataLf,
            (At::DataLf, b'\n') => At::Size { size: 0, digits: 0 },
            (At::Trailer { line }, byte) => self.trailer_byte(line, byte)?,
            _ => return Err(ChunkError::Malformed),
        };
        Ok(())
    }

    /// Trailers are fields, no fewer rules hold for them.
    fn check_trailer(&self) -> Result<(), ChunkError> {
        if self.trailer.is_empty() {
            return Ok(());
        }
        let block = [&self.trailer, &b"\r\n"[..]].concat();
        let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
        match httparse::parse_headers(&block, &mut fields) {
            Ok(httparse::Status::Complete(_)) => Ok(()),
            Err(httparse::Error::TooManyHeaders) => Err(ChunkError::TooLong),
            Ok(httparse::Status::Partial) | Err(_) => Err(ChunkError::Malformed),
        }
    }

    fn count_extension(&mut self) -> Result<(), ChunkError> {
        self.extensions += 1;
        if self.extensions > LONGEST_EXTENSION {
            return Err(ChunkError::TooLong);
        }
        Ok(())
    }

    fn trailer_byte(&mut self, line: usize, byte: u8) -> Result<At, ChunkError> {
        if self.trailer.len() >= LONGEST_TRAILER {
            return Err(ChunkError::TooLong);
        }
        self.trailer.push(byte);
        if byte != b'\n' {
            return Ok(At::Trailer { line });
        }
        let written = self.trailer.get(line..).unwrap_or_default();
        match written {
            b"\r\n" => {
                self.trailer.truncate(line);
                self.check_trailer()?;
                Ok(At::End)
            }
            [.., b'\r', b'\n'] => Ok(At::Trailer {
                line: self.trailer.len(),
            }),
            _ => Err(ChunkError::Malformed),
        }
    }
}

/// Writes the head of a chunk.
pub(crate) fn begin(out: &mut Vec<u8>, length: usize) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut shift = (usize::BITS - length.leading_zeros()).div_ceil(4).max(1) * 4;
    while shift > 0 {
        shift -= 4;
        let digit = (length >> shift) & 0xf;
        out.push(DIGITS.get(digit).copied().unwrap_or(b'0'));
    }
    out.extend_from_slice(b"\r\n");
}

/// Writes one chunk.
pub(crate) fn write(out: &mut Vec<u8>, data: &[u8]) {
    if !data.is_empty() {
        begin(out, data.len());
        out.extend_from_slice(data);
        out.extend_from_slice(b"\r\n");
    }
}

/// Writes the end of a body whose trailers are these lines.
pub(crate) fn end(out: &mut Vec<u8>, trailer: &[u8]) {
    out.extend_from_slice(b"0\r\n");
    out.extend_from_slice(trailer);
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests;
