#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
use super::*;

/// The data, the trailers and what lies behind.
type Read = (Vec<u8>, Vec<u8>, Vec<u8>);

/// Reads the whole, given in parts of `step` bytes.
fn read(bytes: &[u8], step: usize) -> Result<Option<Read>, ChunkError> {
    let mut chunks = Chunks::new();
    let mut data = Vec::new();
    let mut from = 0;
    while from < bytes.len() {
        let until = (from + step).min(bytes.len());
        match chunks.next(&bytes[from..until])? {
            Piece::Data { skip, data: length } => {
                data.extend_from_slice(&bytes[from + skip..from + skip + length]);
                from += skip + length;
            }
            Piece::More => from = until,
            Piece::End { skip } => {
                let rest = bytes[from + skip..].to_vec();
                return Ok(Some((data, chunks.trailer().to_vec(), rest)));
            }
        }
    }
    Ok(None)
}

#[test]
fn a_body_is_read_however_it_arrives() {
    let bytes = b"5\r\nhello\r\n00A;name=\"v\"\r\n, worldly!\r\n0\r\nX-Sum: 1\r\n\r\nGET";
    let whole = (
        b"hello, worldly!".to_vec(),
        b"X-Sum: 1\r\n".to_vec(),
        b"GET".to_vec(),
    );
    for step in 1..=bytes.len() {
        assert_eq!(
            read(bytes, step).unwrap().unwrap(),
            whole,
            "in parts of {step}"
        );
    }
}

#[test]
fn what_is_written_is_read_again() {
    for length in [1, 9, 10, 15, 16, 255, 256, 4096, 70_000] {
        let data = vec![b'x'; length];
        let mut bytes = Vec::new();
        write(&mut bytes, &data);
        end(&mut bytes, b"A: b\r\n");
        let (read, trailer, rest) = read(&bytes, 1000).unwrap().unwrap();
        assert_eq!(
            (read.len(), trailer.as_slice(), rest.len()),
            (length, &b"A: b\r\n"[..], 0)
        );
    }
}

#[test]
fn an_empty_chunk_is_not_written_because_it_would_be_the_end() {
    let mut bytes = Vec::new();
    write(&mut bytes, b"");
    assert!(bytes.is_empty());
}

#[test]
fn broken_chunks_are_refused() {
    for bytes in [
        &b"\r\n"[..],
        b";x\r\n",
        b"g\r\n",
        b"-1\r\n",
        b"+1\r\n",
        b"0x1\r\n",
        b"1_0\r\n",
        b" 1\r\n",
        b"1\n",
        b"1\rx",
        b"1\r\nab\r\n",
        b"1\r\na\n",
        b"1\r\na\rb",
        b"11111111111111111\r\n",
        b"1;a\nb\r\n",
        b"1;a\0\r\n",
        b"0\r\nA: b\n\r\n",
        b"0\r\n\n",
        b"1 x\r\na\r\n",
        b"0\r\nA : b\r\n\r\n",
        b"0\r\nA: b\r\n c\r\n\r\n",
        b"0\r\nnone\r\n\r\n",
    ] {
        assert_eq!(
            read(bytes, 100),
            Err(ChunkError::Malformed),
            "{:?}",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn extensions_and_trailers_are_bounded() {
    let long = format!("1;{}\r\na\r\n0\r\n\r\n", "x".repeat(LONGEST_EXTENSION));
    assert!(read(long.as_bytes(), 100).unwrap().is_some());
    let longer = format!("1;{}\r\na\r\n0\r\n\r\n", "x".repeat(LONGEST_EXTENSION + 1));
    assert_eq!(read(longer.as_bytes(), 100), Err(ChunkError::TooLong));
    let trailers = format!("0\r\n{}\r\n", "a: b\r\n".repeat(LONGEST_TRAILER));
    assert_eq!(read(trailers.as_bytes(), 1000), Err(ChunkError::TooLong));
}
