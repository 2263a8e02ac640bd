//! An entry of the stream, before anybody knows whether it is an event.

use std::collections::HashMap;

use fred::types::{Key, Value};
use jiff::Timestamp;
use platform::AppId;
use prost::bytes::Bytes;
use uuid::Uuid;

use super::Delivery;

/// Fields of an entry by name. Neither names nor values need be text.
pub(super) type Fields = HashMap<Key, Value>;

/// One entry of the stream.
#[derive(Debug)]
pub(super) struct Entry {
    /// The stream's own id of it.
    pub(super) id: String,
    pub(super) fields: Fields,
}

impl Entry {
    /// The event in it, or what is wrong with it.
    pub(super) fn read(&self, attempt: u32) -> Result<Delivery, String> {
        Ok(Delivery {
            id: self.parsed::<Uuid>("id")?,
            kind: self.text("kind")?,
            source: self.parsed::<AppId>("source")?,
            subject: self.text("subject")?,
            occurred_at: self.parsed::<Timestamp>("time")?,
            attempt,
            data: self.bytes("data").ok_or("the field data is missing")?,
            traceparent: self
                .bytes("traceparent")
                .and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()),
        })
    }

    pub(super) fn bytes(&self, name: &'static str) -> Option<Bytes> {
        match self.fields.get(&Key::from_static_str(name))? {
            Value::Bytes(bytes) => Some(bytes.clone()),
            Value::String(text) => Some(Bytes::copy_from_slice(text.as_bytes())),
            Value::Integer(number) => Some(Bytes::from(number.to_string())),
            _ => None,
        }
    }

    fn text(&self, name: &'static str) -> Result<String, String> {
        let bytes = self
            .bytes(name)
            .ok_or_else(|| format!("the field {name} is missing"))?;
        String::from_utf8(bytes.to_vec()).map_err(|_| format!("the field {name} is not text"))
    }

    fn parsed<T: std::str::FromStr>(&self, name: &'static str) -> Result<T, String> {
        self.text(name)?
            .parse()
            .map_err(|_| format!("the field {name} is malformed"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn entry(fields: &[(&'static str, &[u8])]) -> Entry {
        let fields = fields
            .iter()
            .map(|(name, value)| {
                (
                    Key::from_static_str(name),
                    Value::Bytes(Bytes::copy_from_slice(value)),
                )
            })
            .collect();
        Entry {
            id: "1-0".to_owned(),
            fields,
        }
    }

    #[test]
    fn a_whole_entry_is_an_event_and_a_part_is_named() {
        let id = Uuid::from_u128(7);
        let text = id.to_string();
        let mut fields: Vec<(&'static str, &[u8])> = vec![
            ("id", text.as_bytes()),
            ("kind", b"hello.greeted"),
            ("source", b"hello"),
            ("subject", b"7"),
            ("time", b"2026-11-01T00:00:00Z"),
            ("data", b"\xff\x00"),
        ];
        let delivery = entry(&fields).read(3).unwrap();
        assert_eq!(
            (delivery.id, delivery.attempt, &*delivery.data),
            (id, 3, b"\xff\x00".as_slice())
        );
        fields.retain(|(name, _)| *name != "kind");
        assert_eq!(
            entry(&fields).read(1).unwrap_err(),
            "the field kind is missing"
        );
        fields.push(("kind", b"\xff"));
        assert_eq!(
            entry(&fields).read(1).unwrap_err(),
            "the field kind is not text"
        );
        assert!(entry(&[]).read(1).is_err());
    }
}
