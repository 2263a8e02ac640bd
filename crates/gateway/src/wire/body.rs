//! The body of one message while it passes: how much is still to come, and which of the bytes at hand belong to it.

use super::chunks::{ChunkError, Chunks, Piece};
use super::inbox::Inbox;
use super::{Length, MOST_FIELDS};

/// A body that is arriving.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    /// All of it has arrived.
    Done,
    /// This many bytes are to come.
    Known(u64),
    /// In chunks.
    Chunked(Box<Chunks>),
    /// Until the connection ends.
    UntilClose,
}

/// A part of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// This many bytes at the front of the inbox.
    Data(usize),
    /// More has to arrive first.
    Wait,
    /// The body has ended.
    End,
}

impl Body {
    pub(crate) fn of(length: Length) -> Self {
        match length {
            Length::None => Self::Done,
            Length::Known(length) => Self::Known(length),
            Length::Chunked => Self::Chunked(Box::new(Chunks::new())),
            Length::UntilClose => Self::UntilClose,
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        match self {
            Self::Done => true,
            Self::Chunked(chunks) => chunks.is_done(),
            Self::Known(_) | Self::UntilClose => false,
        }
    }

    /// Finds the next part in the inbox, and drops what frames it. Data that is named must be consumed before the next
    /// call.
    pub(crate) fn next(&mut self, inbox: &mut Inbox) -> Result<Part, ChunkError> {
        if self.is_done() {
            return Ok(Part::End);
        }
        match self {
            Self::Done => Ok(Part::End),
            _ if inbox.is_empty() => Ok(Part::Wait),
            Self::UntilClose => Ok(Part::Data(inbox.len())),
            Self::Known(left) => {
                let here = usize::try_from(*left)
                    .unwrap_or(usize::MAX)
                    .min(inbox.len());
                *left -= u64::try_from(here).unwrap_or(*left);
                if *left == 0 {
                    *self = Self::Done;
                }
                Ok(Part::Data(here))
            }
            Self::Chunked(chunks) => match chunks.next(inbox.bytes())? {
                Piece::Data { skip, data } => {
                    inbox.consume(skip);
                    Ok(Part::Data(data))
                }
                Piece::More => {
                    inbox.consume(inbox.len());
                    Ok(Part::Wait)
                }
                Piece::End { skip } => {
                    inbox.consume(skip);
                    Ok(Part::End)
                }
            },
        }
    }

    /// The lines of the trailers of a body in chunks that has ended.
    pub(crate) fn trailer(&self) -> &[u8] {
        match self {
            Self::Chunked(chunks) if chunks.is_done() => chunks.trailer(),
            _ => &[],
        }
    }
}

/// The lines of a trailer that may pass.
pub(crate) fn passing<'a>(
    trailer: &'a [u8],
    passes: impl Fn(&str) -> bool + 'a,
) -> Option<Vec<u8>> {
    let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
    let block = [trailer, b"\r\n"].concat();
    let httparse::Status::Complete((_, fields)) =
        httparse::parse_headers(&block, &mut fields).ok()?
    else {
        return None;
    };
    let mut kept = Vec::new();
    for field in fields.iter().filter(|field| passes(field.name)) {
        crate::compose::field(&mut kept, field.name, field.value);
    }
    Some(kept)
}
