//! What an authenticator app shows: TOTP (RFC 6238) with SHA-1, six digits and thirty seconds, written from the RFC and not
//! from the code it tests.

use hmac::{Hmac, KeyInit as _, Mac as _};

/// The code for a secret in base32, as pages show it, at this second since 1970.
pub fn one_time_code(secret: &str, second: i64) -> String {
    let key = base32(secret);
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&key).expect("a key of any length");
    let step = u64::try_from(second / 30).expect("a time after 1970");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    // RFC 4226, 5.3: the last half byte says where the four bytes are.
    let at = usize::from(digest.last().expect("a digest") & 15);
    let word = digest.get(at..at + 4).expect("it is long enough");
    let word = word
        .iter()
        .fold(0, |word, byte| word << 8 | u32::from(*byte));
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

/// RFC 4648, 6, with blanks passed over.
fn base32(text: &str) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bytes, mut word, mut bits) = (Vec::new(), 0_u16, 0);
    for letter in text.bytes().filter(|letter| *letter != b' ') {
        let five = alphabet.iter().position(|known| *known == letter);
        let five = u16::try_from(five.expect("a letter of base32")).expect("five bits");
        (word, bits) = (word << 5 | five, bits + 5);
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(word >> bits & 0xff).expect("eight bits"));
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::one_time_code;

    #[test]
    fn the_vectors_of_the_rfc() {
        // RFC 6238, appendix B, cut to six digits; the secret is `12345678901234567890`.
        let secret = "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ";
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(one_time_code(secret, second), code);
        }
    }
}
