//! The file. All numbers are little-endian.
//!
//! | bytes | |
//! | --- | --- |
//! | 8 | `CLBREACH` |
//! | 2 | version, 1 |
//! | 2 | bits looked at for a password, 1 to 32 |
//! | 8 | passwords in it |
//! | 8 | when it was made, in Unix seconds |
//! | 8 | words of 64 bits that follow |
//! | 32 | SHA-256 of everything before and after |
//!
//! Then the bits.

use std::io::{self, Read, Write};

use sha2::{Digest as _, Sha256};

use crate::Filter;

const MAGIC: &[u8; 8] = b"CLBREACH";
const VERSION: u16 = 1;
/// Bytes before the digest.
const FRONT: usize = 36;

/// Largest file, in bytes.
pub const LARGEST: usize = 64 * 1024 * 1024;

/// What a file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Bits looked at for a password.
    pub(crate) probes: u8,
    /// Passwords in it.
    pub entries: u64,
    /// When it was made, in Unix seconds.
    pub made_at: i64,
    /// Words of 64 bits.
    pub(crate) words: u64,
}

/// Why a file is not a filter.
#[derive(Debug, thiserror::Error)]
pub enum Invalid {
    /// It cannot be read.
    #[error("it cannot be read")]
    Unreadable(#[from] io::Error),
    /// It is something else.
    #[error("it is no filter of leaked passwords")]
    Foreign,
    /// It was made by another version.
    #[error("its version {0} is not known here")]
    Version(u16),
    /// A number in it makes no sense, or it is larger than [`LARGEST`].
    #[error("its header is not valid")]
    Header,
    /// It is cut off or was changed.
    #[error("it is damaged")]
    Damaged,
}

impl Header {
    /// Bytes before the bits.
    pub const LENGTH: usize = FRONT + 32;

    /// Bytes of the whole file.
    #[must_use]
    pub fn file_length(&self) -> u64 {
        Self::LENGTH as u64 + self.words * 8
    }

    /// Everything before the digest.
    fn front(&self) -> [u8; FRONT] {
        let mut front = [0; FRONT];
        let numbers = [
            u64::from_le_bytes(*MAGIC),
            self.entries,
            self.made_at.cast_unsigned(),
            self.words,
        ];
        let [magic, numbers @ ..] = numbers.map(u64::to_le_bytes);
        let parts: [&[u8]; 6] = [
            &magic,
            &VERSION.to_le_bytes(),
            &u16::from(self.probes).to_le_bytes(),
            &numbers[0],
            &numbers[1],
            &numbers[2],
        ];
        front.copy_from_slice(&parts.concat());
        front
    }

    fn read(from: &mut impl Read) -> Result<Self, Invalid> {
        if &array::<8>(from)? != MAGIC {
            return Err(Invalid::Foreign);
        }
        let version = u16::from_le_bytes(array(from)?);
        if version != VERSION {
            return Err(Invalid::Version(version));
        }
        let probes = u16::from_le_bytes(array(from)?);
        let header = Self {
            probes: u8::try_from(probes).map_err(|_| Invalid::Header)?,
            entries: u64::from_le_bytes(array(from)?),
            made_at: i64::from_le_bytes(array(from)?),
            words: u64::from_le_bytes(array(from)?),
        };
        let fits = header.words <= (LARGEST - Self::LENGTH) as u64 / 8;
        if !(1..=32).contains(&header.probes) || header.words == 0 || !fits {
            return Err(Invalid::Header);
        }
        Ok(header)
    }
}

impl Filter {
    /// Reads a file whole. Believes nothing it says before it was checked; allocates at most [`LARGEST`] bytes.
    ///
    /// # Errors
    /// When it is no such file, or not a whole one.
    pub fn read(from: &mut impl Read) -> Result<Self, Invalid> {
        let header = Header::read(from)?;
        let digest: [u8; 32] = array(from)?;
        let length = usize::try_from(header.words).map_err(|_| Invalid::Header)?;
        let mut words = vec![0_u64; length].into_boxed_slice();
        let mut sha = Sha256::new_with_prefix(header.front());
        for word in &mut words {
            let bytes = array::<8>(from)?;
            sha.update(bytes);
            *word = u64::from_le_bytes(bytes);
        }
        let ends_here = from.read(&mut [0])? == 0;
        if !ends_here || sha.finalize().as_slice() != digest {
            return Err(Invalid::Damaged);
        }
        Ok(Self { header, words })
    }

    /// Writes a file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let front = self.header.front();
        let mut sha = Sha256::new_with_prefix(front);
        for word in &self.words {
            sha.update(word.to_le_bytes());
        }
        to.write_all(&front)?;
        to.write_all(&sha.finalize())?;
        for word in &self.words {
            to.write_all(&word.to_le_bytes())?;
        }
        to.flush()
    }
}

fn array<const N: usize>(from: &mut impl Read) -> Result<[u8; N], Invalid> {
    let mut bytes = [0; N];
    match from.read_exact(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(Invalid::Damaged),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;
    use crate::Key;

    fn file() -> Vec<u8> {
        let mut filter = Filter::with_room_for(3, 1_700_000_000).unwrap();
        for leaked in ["password", "hunter2", "Tr0ub4dor&3"] {
            filter.insert(Key::of(leaked));
        }
        let mut file = Vec::new();
        filter.write(&mut file).unwrap();
        file
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let bytes = file();
        let filter = Filter::read(&mut bytes.as_slice()).unwrap();
        assert!(filter.contains(Key::of("hunter2")) && !filter.contains(Key::of("hunter3")));
        let header = filter.header();
        assert_eq!((header.entries, header.made_at), (3, 1_700_000_000));
        assert_eq!(header.file_length(), bytes.len() as u64);
    }

    #[test]
    fn whatever_is_changed_or_missing_is_noticed() {
        let bytes = file();
        for length in 0..bytes.len() {
            assert!(
                Filter::read(&mut &bytes[..length]).is_err(),
                "{length} bytes"
            );
        }
        for position in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[position] ^= 1;
            let read = Filter::read(&mut changed.as_slice());
            assert!(read.is_err(), "byte {position}");
        }
        let longer = [bytes.as_slice(), b"x"].concat();
        assert!(matches!(
            Filter::read(&mut longer.as_slice()),
            Err(Invalid::Damaged)
        ));
    }

    #[test]
    fn a_header_that_promises_too_much_costs_no_memory() {
        let mut bytes = file();
        bytes[28..36].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(matches!(
            Filter::read(&mut bytes.as_slice()),
            Err(Invalid::Header)
        ));
        assert!(matches!(
            Filter::read(&mut b"PK\x03\x04 something else".as_slice()),
            Err(Invalid::Foreign)
        ));
    }
}
