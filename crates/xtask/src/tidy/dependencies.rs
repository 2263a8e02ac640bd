//! Dependencies point one way: apps -> platform -> registry. No app names another; calls between
//! services (the `rpc` features an app turns on) form no cycle, but for one that is named here.

use std::collections::{BTreeMap, BTreeSet};

use crate::workspace::Package;

/// What each crate of the foundation may depend on, tests aside.
const ALLOWED: &[(&str, &[&str])] = &[
    ("registry", &[]),
    ("embedded", &[]),
    ("breach-filter", &[]),
    ("directory", &[]),
    // It writes what sign-in reads.
    ("xtask", &["breach-filter"]),
    ("platform", &["registry"]),
    ("platform-redis", &["platform", "registry"]),
    ("platform-pg", &["platform", "platform-redis", "registry"]),
    ("rpc", &["platform", "registry"]),
    ("ui", &["platform", "registry"]),
    (
        "gateway",
        &["platform", "platform-redis", "registry", "rpc"],
    ),
    ("testkit", &["embedded", "platform", "registry"]),
    // It measures the gateway as a program, not as a crate.
    ("edge-bench", &["platform", "registry", "rpc"]),
    ("fuzz", &["gateway", "platform", "registry", "testkit"]),
];
/// What every app may depend on.
const APP: &[&str] = &[
    "breach-filter",
    "directory",
    "platform",
    "platform-pg",
    "platform-redis",
    "registry",
    "rpc",
    "ui",
];
/// Calls that run against the others, by whom and to whom.
const AGAINST_THE_OTHERS: &[(&str, &str)] = &[
    // Whether a password is somebody's in a directory. No call of accounts to auth waits for the answer.
    ("app-auth", "app-accounts"),
];
/// Crates from outside that the edge must not even reach.
const NOT_AT_THE_EDGE: &[&str] = &[
    "tokio-postgres",
    "deadpool-postgres",
    "askama",
    "axum-extra",
];

struct Crate {
    name: String,
    depends_on: BTreeSet<String>,
    outside: BTreeSet<String>,
    calls: BTreeSet<String>,
}

/// Checks the crates of the workspace.
pub(super) fn check(packages: &[Package]) -> Vec<String> {
    let crates = read(packages);
    let mut findings = Vec::new();
    for each in &crates {
        let Some(allowed) = allowed(&each.name) else {
            continue;
        };
        for other in &each.depends_on {
            if !allowed.contains(&other.as_str()) {
                findings.push(format!("crates/{}: must not depend on {other}", each.name));
            }
        }
        if each.name == "gateway" {
            findings.extend(
                each.outside
                    .iter()
                    .filter(|name| NOT_AT_THE_EDGE.contains(&name.as_str()))
                    .map(|name| format!("crates/gateway: must not depend on {name}")),
            );
        }
    }
    findings.extend(call_cycle(&crates));
    findings
}

/// `None`: the crate may depend on anything (`cloud`).
fn allowed(name: &str) -> Option<&'static [&'static str]> {
    if name.starts_with("app-") {
        return Some(APP);
    }
    ALLOWED
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, allowed)| *allowed)
}

fn read(packages: &[Package]) -> Vec<Crate> {
    let names: BTreeSet<&str> = packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    packages
        .iter()
        .map(|package| one(package, &names))
        .collect()
}

fn one(package: &Package, names: &BTreeSet<&str>) -> Crate {
    let mut each = Crate {
        name: package.name.clone(),
        depends_on: BTreeSet::new(),
        outside: BTreeSet::new(),
        calls: BTreeSet::new(),
    };
    // Tests may use what they like.
    for dependency in package
        .dependencies
        .iter()
        .filter(|each| each.kind.is_none())
    {
        if dependency.name == "rpc" {
            let features = dependency.features.iter();
            each.calls
                .extend(features.map(|feature| format!("app-{feature}")));
        }
        let list = if names.contains(dependency.name.as_str()) {
            &mut each.depends_on
        } else {
            &mut each.outside
        };
        list.insert(dependency.name.clone());
    }
    // A service compiles its own contract: that is not a call.
    each.calls.remove(&each.name);
    for (caller, callee) in AGAINST_THE_OTHERS {
        if each.name == *caller {
            each.calls.remove(*callee);
        }
    }
    each
}

/// Names one cycle in the graph of calls between services, if there is any.
fn call_cycle(crates: &[Crate]) -> Option<String> {
    let graph: BTreeMap<&str, &BTreeSet<String>> = crates
        .iter()
        .filter(|each| each.name.starts_with("app-"))
        .map(|each| (each.name.as_str(), &each.calls))
        .collect();
    graph.keys().find_map(|start| {
        let mut path = vec![*start];
        find_back(&graph, start, &mut path)
            .then(|| format!("calls form a cycle: {}", path.join(" -> ")))
    })
}

fn find_back<'a>(
    graph: &BTreeMap<&'a str, &'a BTreeSet<String>>,
    start: &str,
    path: &mut Vec<&'a str>,
) -> bool {
    let Some(calls) = path.last().and_then(|last| graph.get(last)) else {
        return false;
    };
    for next in *calls {
        if next == start {
            path.push(next);
            return true;
        }
        if !path.contains(&next.as_str()) {
            path.push(next);
            if find_back(graph, start, path) {
                return true;
            }
            path.pop();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::workspace::{Dependency, Package};

    fn package(name: &str, dependencies: Vec<Dependency>) -> Package {
        Package {
            name: name.to_owned(),
            manifest_path: "Cargo.toml".into(),
            dependencies,
        }
    }

    fn on(name: &str, kind: Option<&str>, features: &[&str]) -> Vec<Dependency> {
        vec![Dependency {
            name: name.to_owned(),
            kind: kind.map(str::to_owned),
            features: features.iter().map(|&feature| feature.to_owned()).collect(),
        }]
    }

    #[test]
    fn an_app_may_not_name_another_app() {
        let packages = [
            package("app-a", on("app-b", None, &[])),
            package("app-b", vec![]),
        ];
        assert_eq!(check(&packages), ["crates/app-a: must not depend on app-b"]);
    }

    #[test]
    fn calls_in_a_circle_are_found_and_named() {
        let packages = [
            package("app-a", on("rpc", None, &["b"])),
            package("app-b", on("rpc", None, &["a"])),
            package("rpc", vec![]),
        ];
        assert_eq!(
            check(&packages),
            ["calls form a cycle: app-a -> app-b -> app-a"]
        );
    }

    #[test]
    fn tests_may_use_the_testkit() {
        let packages = [
            package("registry", on("testkit", Some("dev"), &[])),
            package("testkit", vec![]),
        ];
        assert!(check(&packages).is_empty());
    }
}
