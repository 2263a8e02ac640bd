//! The chunked coding: it is read in one way, however it arrives.

use crate::wire::chunks::{self, ChunkError, Chunks, Piece};

/// The data, the trailers and how many bytes belong to it.
pub(crate) type Read = (Vec<u8>, Vec<u8>, usize);

/// What is read of bytes that arrive in these parts; nothing when more is needed.
pub(crate) fn read(bytes: &[u8], ends: &[usize]) -> Result<Option<Read>, ChunkError> {
    let (mut chunks, mut data, mut from) = (Chunks::new(), Vec::new(), 0);
    for &end in ends.iter().chain([&bytes.len()]) {
        while from < end {
            match chunks.next(&bytes[from..end])? {
                Piece::Data { skip, data: length } => {
                    data.extend_from_slice(&bytes[from + skip..from + skip + length]);
                    from += skip + length;
                }
                Piece::More => from = end,
                Piece::End { skip } => {
                    return Ok(Some((data, chunks.trailer().to_vec(), from + skip)));
                }
            }
        }
    }
    Ok(None)
}

/// The same by the letter of RFC 9112, 7.1, of bytes that are all there. Of trailers only where they end.
fn by_the_letter(bytes: &[u8]) -> Option<Read> {
    let line = |from: usize| {
        let rest = bytes.get(from..)?;
        let length = rest.windows(2).position(|two| two == b"\r\n")?;
        Some((&rest[..length], from + length + 2))
    };
    let (mut at, mut data) = (0, Vec::new());
    loop {
        let (size, next) = line(at)?;
        let text = std::str::from_utf8(size.split(|byte| *byte == b';').next()?).ok()?;
        let digits = text.trim_end_matches([' ', '\t']);
        let is_bare = digits.len() == size.len();
        let is_size = (1..=16).contains(&digits.len())
            && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
            && (is_bare || size.contains(&b';'));
        let length = u64::from_str_radix(digits, 16).ok().filter(|_| is_size)?;
        at = next;
        if length == 0 {
            break;
        }
        let end = at.checked_add(usize::try_from(length).ok()?)?;
        data.extend_from_slice(bytes.get(at..end)?);
        at = end + 2;
        if bytes.get(end..at) != Some(b"\r\n") {
            return None;
        }
    }
    let begins = at;
    loop {
        let (text, next) = line(at)?;
        if text.is_empty() {
            return Some((data, bytes[begins..at].to_vec(), next));
        }
        at = next;
    }
}

/// Bytes that arrive in these parts are read as if they had come at once, by the letter, or not at all.
///
/// # Panics
/// They are not.
pub fn chunks(bytes: &[u8], ends: &[usize]) {
    let at_once = read(bytes, &[]);
    assert_eq!(&read(bytes, ends), &at_once);
    let each: Vec<usize> = (0..bytes.len()).collect();
    assert_eq!(&read(bytes, &each), &at_once);
    // What is passed on is written anew, and reads the same.
    if let Ok(Some((data, trailer, used))) = at_once {
        let letter = by_the_letter(bytes);
        assert_eq!(letter, Some((data.clone(), trailer.clone(), used)));
        let mut again = Vec::new();
        chunks::write(&mut again, &data);
        chunks::end(&mut again, &trailer);
        let length = again.len();
        assert_eq!(read(&again, &[]), Ok(Some((data, trailer, length))));
    }
}
