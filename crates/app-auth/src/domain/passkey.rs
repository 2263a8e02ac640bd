//! What a passkey is called, and which model it says it is.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// Most passkeys of one person.
pub(crate) const MOST: usize = 20;
/// Longest name, in characters.
const LONGEST_NAME: usize = 100;
/// Where the model stands in what an authenticator says of itself (WebAuthn level 3, section 6.5.1).
const MODEL: std::ops::Range<usize> = 37..53;

/// The models people meet most, as the list of the FIDO Alliance's community names them.
const MODELS: &[(&str, &str)] = &[
    (
        "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4",
        "Google Password Manager",
    ),
    ("adce0002-35bc-c60a-648b-0b25f1f05503", "Chrome on Mac"),
    ("b5397666-4885-aa6b-cebf-e52262a439a2", "Chromium"),
    ("771b48fd-d3d4-4f74-9232-fc157ab0507a", "Edge on Mac"),
    ("08987058-cadc-4b81-b6e1-30de50dcbe96", "Windows Hello"),
    ("9ddd1817-af5a-4672-a2b9-3e3dd95000a9", "Windows Hello"),
    ("6028b017-b1d4-4c02-b4b3-afcdafc96bb2", "Windows Hello"),
    ("dd4ec289-e01d-41c9-bb89-70fa845d4bf2", "iCloud Keychain"),
    ("fbfc3007-154e-4ecc-8c0b-6e020557d7bd", "Apple Passwords"),
    ("53414d53-554e-4700-0000-000000000000", "Samsung Pass"),
    ("bada5566-a7aa-401f-bd96-45619a55120d", "1Password"),
    ("d548826e-79b4-db40-a3d8-11116f7e8349", "Bitwarden"),
    ("531126d6-e717-415c-9320-3d9aa6981239", "Dashlane"),
    ("f3809540-7f14-49c1-a8b3-8f813b225541", "Enpass"),
    ("fdb141b2-5d84-443e-8a35-4698c205a502", "KeePassXC"),
    ("0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6", "Keeper"),
    ("b78a0a55-6ef8-d246-a042-ba0f6d55050c", "LastPass"),
    ("b84e4048-15dc-4dd0-8640-f4f60813c8af", "NordPass"),
    ("50726f74-6f6e-5061-7373-50726f746f6e", "Proton Pass"),
    ("cb69481e-8ff7-4039-93ec-0a2729a154a8", "YubiKey 5"),
    ("ee882879-721c-4913-9775-3dfcce97072a", "YubiKey 5"),
    ("fa2b99dc-9e39-4257-8f92-4a30d23c4118", "YubiKey 5 NFC"),
    ("2fc0579f-8113-47ea-b116-bb5a8db9202a", "YubiKey 5 NFC"),
    ("c5ef55ff-ad9a-4b9f-b580-adebafe026d0", "YubiKey 5Ci"),
];

/// The model an authenticator states in its data (base64url). Only a hint: nothing vouches for it. Many state none.
pub(crate) fn model(authenticator_data: &str) -> Option<Uuid> {
    let data = URL_SAFE_NO_PAD.decode(authenticator_data).ok()?;
    let model = Uuid::from_slice(data.get(MODEL)?).ok()?;
    (!model.is_nil()).then_some(model)
}

/// What a model is called, if it is one that people meet.
pub(crate) fn model_name(model: Option<Uuid>) -> Option<&'static str> {
    let model = model?.to_string();
    let known = MODELS.iter().find(|(id, _)| *id == model);
    known.map(|(_, name)| *name)
}

/// A name as typed: without controls, at most 100 characters. Nothing when nothing is left.
pub(crate) fn typed_name(typed: &str) -> Option<String> {
    let name: String = typed.chars().filter(|c| !c.is_control()).collect();
    let name: String = name.trim().chars().take(LONGEST_NAME).collect();
    (!name.is_empty()).then_some(name)
}

/// What a new passkey is called: as its owner says, else by its model, else by the browser it was added with.
pub(crate) fn name(typed: &str, model: Option<Uuid>, device: &str) -> String {
    typed_name(typed)
        .or_else(|| model_name(model).map(str::to_owned))
        .or_else(|| typed_name(device))
        .unwrap_or_else(|| "Passkey".to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn a_passkey_is_called_by_its_owner_its_model_or_its_browser() {
        let mut data = vec![0; 60];
        data.get_mut(MODEL)
            .unwrap()
            .copy_from_slice(b"SAMSUNG\0\0\0\0\0\0\0\0\0");
        let samsung = model(&URL_SAFE_NO_PAD.encode(&data));
        assert_eq!(name(" My\r\n key\n", samsung, "Firefox"), "My key");
        assert_eq!(name(" \n", samsung, "Firefox"), "Samsung Pass");
        assert_eq!(name("", Some(Uuid::max()), "Firefox"), "Firefox");
        assert_eq!(name("", None, ""), "Passkey");
        assert_eq!(name(&"ö".repeat(500), None, "").chars().count(), 100);
    }

    #[test]
    fn an_authenticator_may_keep_its_model_to_itself() {
        assert_eq!(model(&URL_SAFE_NO_PAD.encode([0; 60])), None);
        assert_eq!(model(&URL_SAFE_NO_PAD.encode([1; 40])), None);
        assert_eq!(model("not base64!"), None);
    }

    #[test]
    fn every_model_is_spelled_as_ids_are_and_stands_once() {
        let mut seen = std::collections::HashSet::new();
        for (id, name) in MODELS {
            assert_eq!(Uuid::parse_str(id).unwrap().to_string(), *id, "{name}");
            assert!(seen.insert(id), "{name} stands twice");
        }
    }
}
