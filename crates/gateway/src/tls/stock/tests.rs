#![allow(
    clippy::unwrap_used,
    clippy::let_underscore_must_use,
    reason = "tests fail by panicking"
)]

use registry::AppSecret;

use super::*;
use crate::tls::certificate::specimen::{LONG, self_signed};
use crate::tls::store::Found;

/// A stock without Redis.
fn stock(domains: &[&str], change: impl FnOnce(&mut TlsConfig)) -> (Stock, Arc<Store>) {
    let domains = domains.iter().map(|text| text.parse().unwrap()).collect();
    let mut config = TlsConfig::new(domains);
    change(&mut config);
    let redis = registry::connect_in_background("redis://127.0.0.1:1").unwrap();
    let (secret, clock) = (AppSecret::new([1; 32]).unwrap(), Clock::system());
    let vault = Vault::open(&secret, redis, None, clock.clone(), Arc::default());
    let store = Arc::new(Store::default());
    let term = watch::Sender::new(None).subscribe();
    let stock = Stock::new(config, clock, Arc::new(vault), Arc::clone(&store), term);
    (stock, store)
}

fn wanted(stock: &Stock) -> Vec<String> {
    let wanted = stock.wanted().into_iter();
    wanted.map(|wanted| wanted.domain.to_string()).collect()
}

async fn keep(stock: &Stock, record: &str, names: &[&str]) -> String {
    let leaf = self_signed(names, LONG);
    let kept = Kept {
        chain: leaf.certificate,
        key: leaf.key,
    };
    stock.vault.put(record, &kept.to_json()).await.unwrap();
    kept.certificate().unwrap().fingerprint().to_owned()
}

fn served(stock: &Stock, name: &str) -> Option<(Source, String)> {
    stock.refresh();
    let status = stock.status().borrow().clone();
    let found = status.names.iter().find(|status| status.name == name)?;
    let served = found.served.clone()?;
    Some((served.source, served.fingerprint))
}

const NAMES: [&str; 6] = [
    "a.example.org",
    "*.example.org",
    "nas",
    "*.home.arpa",
    "localhost",
    "192.0.2.1",
];

#[tokio::test]
async fn what_a_public_authority_would_not_issue_is_not_ordered_there() {
    let (public, _) = stock(&NAMES, |_| {});
    assert_eq!(wanted(&public), ["a.example.org"]);
    let made: Vec<String> = public
        .self_signed_domains()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(made, NAMES[2..]);
    // An authority of one's own knows the names inside, but no gateway can answer for a wildcard.
    let leaf = self_signed(&["a"], LONG);
    let root = rustls::pki_types::pem::PemObject::from_pem_slice(leaf.certificate.as_bytes());
    let (private, _) = stock(&NAMES, |config| config.acme.roots.push(root.unwrap()));
    assert_eq!(wanted(&private), ["a.example.org", "nas"]);
    assert_eq!(private.self_signed_domains().len(), 3);
}

#[tokio::test]
async fn what_a_file_covers_is_not_ordered() {
    let directory = tempfile::tempdir().unwrap();
    let leaf = self_signed(&["*.example.org"], LONG);
    std::fs::write(directory.path().join("a.crt"), &leaf.certificate).unwrap();
    std::fs::write(directory.path().join("a.key"), &leaf.key).unwrap();
    let names = ["a.example.org", "b.example.com"];
    let (stock, _) = stock(&names, |config| {
        config.directory = Some(directory.path().to_owned());
    });
    assert_eq!(wanted(&stock), names);
    assert!(stock.look_at_files().await);
    assert_eq!(wanted(&stock), names[1..]);
    assert_eq!(served(&stock, "a.example.org").unwrap().0, Source::File);
}

#[tokio::test]
async fn the_certificate_of_an_earlier_authority_is_served_until_the_present_one_has_issued() {
    let (stock, store) = stock(&["a.example.org"], |_| {});
    let names = ["a.example.org"];
    let earlier = keep(&stock, "certificate/earlier/a.example.org", &names).await;
    assert_eq!(served(&stock, names[0]), Some((Source::Acme, earlier)));
    assert_eq!(wanted(&stock), names);
    assert!(stock.wanted()[0].present.is_none(), "it is ordered anew");

    let record = stock.record(&names[0].parse().unwrap());
    let present = keep(&stock, &record, &names).await;
    assert_eq!(served(&stock, names[0]), Some((Source::Acme, present)));
    assert!(stock.wanted()[0].present.is_some());
    // A domain that is given up is served no more.
    stock.set_domains(vec!["b.example.org".parse().unwrap()]);
    stock.refresh();
    assert!(matches!(store.find(Some(names[0])), Found::Unknown));
}
