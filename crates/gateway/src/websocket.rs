//! Where the frames of a WebSocket begin and end (RFC 6455, 5.2). They are passed on as they are; the gateway only has to
//! know where one may be put between two others, and how large they are.

/// Bytes the payload of one frame may have.
const LARGEST: u64 = 64 * 1024 * 1024;
/// Bytes the head of a frame may have: two, eight of length, four of mask.
const LONGEST_HEAD: usize = 14;

/// Why a WebSocket is closed by the gateway (RFC 6455, 7.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Close {
    /// The gateway stops; the client may come back at once.
    ServiceRestart,
    /// A frame is larger than is passed on.
    TooBig,
}

impl Close {
    /// The frame a server sends to say so.
    pub(crate) fn frame(self) -> [u8; 4] {
        let code: u16 = match self {
            Self::ServiceRestart => 1012,
            Self::TooBig => 1009,
        };
        let [high, low] = code.to_be_bytes();
        [0x88, 2, high, low]
    }
}

/// A frame is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a frame is too large")]
pub(crate) struct TooLarge;

/// Follows the frames of one direction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frames {
    head: [u8; LONGEST_HEAD],
    /// Bytes of the head that are there.
    known: usize,
    /// Bytes of the payload that are still to come.
    left: u64,
}

impl Frames {
    /// Whether no frame has begun that has not ended.
    pub(crate) fn is_between(&self) -> bool {
        self.known == 0 && self.left == 0
    }

    /// Looks at bytes that pass.
    pub(crate) fn pass(&mut self, bytes: &[u8]) -> Result<(), TooLarge> {
        let mut rest = bytes;
        while let Some((byte, behind)) = rest.split_first() {
            if self.left > 0 {
                let here = usize::try_from(self.left)
                    .unwrap_or(usize::MAX)
                    .min(rest.len());
                self.left -= u64::try_from(here).unwrap_or(self.left);
                rest = rest.get(here..).unwrap_or_default();
                continue;
            }
            if let Some(place) = self.head.get_mut(self.known) {
                *place = *byte;
            }
            self.known += 1;
            rest = behind;
            if let Some(length) = self.length() {
                if length > LARGEST {
                    return Err(TooLarge);
                }
                (self.known, self.left) = (0, length);
            }
        }
        Ok(())
    }

    /// The length of the payload, once all of the head is there.
    fn length(&self) -> Option<u64> {
        let [_, second, rest @ ..] = &self.head;
        let mask = if second & 0x80 == 0 { 0 } else { 4 };
        let short = u64::from(second & 0x7f);
        let (bytes, length) = match short {
            126 => (2, rest.iter().take(2)),
            127 => (8, rest.iter().take(8)),
            _ => (0, rest.iter().take(0)),
        };
        if self.known < 2 + bytes + mask {
            return None;
        }
        Some(match bytes {
            0 => short,
            _ => length.fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(payload: usize, masked: bool) -> Vec<u8> {
        let mask = if masked { 0x80 } else { 0 };
        let mut frame = vec![0x82];
        match payload {
            0..126 => frame.push(mask | payload.to_le_bytes()[0]),
            126..65536 => {
                frame.push(mask | 0x7e);
                frame.extend_from_slice(&payload.to_be_bytes()[6..]);
            }
            _ => {
                frame.push(mask | 0x7f);
                frame.extend_from_slice(&payload.to_be_bytes());
            }
        }
        if masked {
            frame.extend_from_slice(&[1, 2, 3, 4]);
        }
        frame.resize(frame.len() + payload, b'x');
        frame
    }

    #[test]
    fn the_border_between_frames_is_found_however_they_arrive() {
        for payload in [0, 1, 125, 126, 65_535, 65_536] {
            for masked in [false, true] {
                let bytes = [frame(payload, masked), frame(1, masked)].concat();
                for step in [1, 3, 1000, bytes.len()] {
                    let mut frames = Frames::default();
                    let mut borders = 0;
                    for part in bytes.chunks(step) {
                        assert_eq!(frames.pass(part), Ok(()));
                        borders += usize::from(frames.is_between());
                    }
                    assert!(frames.is_between(), "{payload} {masked} {step}");
                    assert!(step > 1 || borders == 2, "{payload} {masked}: {borders}");
                }
                let mut frames = Frames::default();
                let all_but_one = bytes.get(..bytes.len() - 1).unwrap_or_default();
                assert_eq!(frames.pass(all_but_one), Ok(()));
                assert!(!frames.is_between());
            }
        }
    }

    #[test]
    fn a_frame_that_is_too_large_is_told_by_its_head() {
        let mut head = vec![0x82, 127];
        head.extend_from_slice(&(LARGEST + 1).to_be_bytes());
        assert_eq!(Frames::default().pass(&head), Err(TooLarge));
        assert_eq!(
            Frames::default().pass(&[0x82, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            Err(TooLarge)
        );
    }
}
