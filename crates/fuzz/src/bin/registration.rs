//! What lies in Redis under the name of an instance, and the route table that comes of it.
#![cfg_attr(fuzzing, no_main)]

fuzz::target!(|bytes| {
    registry::invariants::unsigned(bytes);
    let text = std::str::from_utf8(bytes).ok();
    if let Some(entry) = text.and_then(registry::invariants::signed) {
        let mut paths = entry.prefixes.clone();
        paths.push("/app/hello/x".to_owned());
        let mut routes = gateway::measure::Routes::new(vec![entry]);
        drop(routes.rebuild());
        for path in paths {
            routes.find(&path);
        }
    }
});
