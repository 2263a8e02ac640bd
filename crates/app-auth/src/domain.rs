//! What sign-in means, without SQL, HTTP or waiting: values that cannot be invalid and pure rules.

pub(crate) mod api_key;
pub(crate) mod break_glass;
pub(crate) mod device;
pub(crate) mod factor;
pub(crate) mod flow;
pub(crate) mod forward;
pub(crate) mod grace;
pub(crate) mod guessable;
pub(crate) mod guessing;
pub(crate) mod hashing;
pub(crate) mod login;
pub(crate) mod network;
pub(crate) mod paper_code;
pub(crate) mod passkey;
pub(crate) mod password;
pub(crate) mod reach;
pub(crate) mod recovery_code;
pub(crate) mod return_to;
pub(crate) mod second_factor;
pub(crate) mod service_account;
pub(crate) mod session;
pub(crate) mod signing_key;
pub(crate) mod subject;
pub(crate) mod token;
pub(crate) mod totp;
