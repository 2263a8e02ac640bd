//! What was wrong with a case, at either end.

use super::case::{After, Case, Forwarded, Sent};
use super::conversation::{Delivery, Ending, Heard};
use super::recorder::Seen;

/// Everything that is not as it must be.
pub(super) fn complaints(
    case: &Case,
    delivery: Delivery,
    id: &str,
    (heard, seen): (&Heard, &[&Seen]),
) -> Vec<String> {
    let asked = client(case, delivery, id, heard);
    let is_refused = !case.or_refused.is_empty()
        && heard.answers.len() == 1 + usize::from(delivery.has_first())
        && heard
            .answers
            .last()
            .is_some_and(|answer| case.or_refused.contains(&answer.status));
    let mut complaints = if is_refused { Vec::new() } else { asked };
    let own = Own::of(seen, id);
    if delivery.has_first() && own.first != 1 {
        complaints.push(format!("the request before it came {} times", own.first));
    }
    if own.after > 1 {
        complaints.push(format!("the request behind it came {} times", own.after));
    }
    match &case.forwarded {
        _ if is_refused => complaints.extend(whole(&own.others)),
        Forwarded::Nothing => complaints.extend(own.others.iter().map(|seen| forwarded(seen))),
        Forwarded::NothingWhole => complaints.extend(whole(&own.others)),
        Forwarded::Requests(sent) => complaints.extend(compare(sent, own.others, id)),
    }
    complaints.extend(seen.iter().flat_map(|seen| seen.faults()));
    complaints
}

/// What the apps saw of a case, without the requests that stand around it.
struct Own<'a> {
    first: usize,
    after: usize,
    others: Vec<&'a Seen>,
}

impl<'a> Own<'a> {
    fn of(seen: &[&'a Seen], id: &str) -> Self {
        let (first, after) = (format!("{id}first"), format!("{id}after"));
        let count = |name: &str| {
            let same = seen
                .iter()
                .filter(|seen| seen.id().as_deref() == Some(name));
            same.count()
        };
        let others = seen.iter().copied().filter(|seen| {
            let own = seen.id();
            own.as_ref() != Some(&first) && own.as_ref() != Some(&after)
        });
        Self {
            first: count(&first),
            after: count(&after),
            others: others.collect(),
        }
    }
}

fn client(case: &Case, delivery: Delivery, id: &str, heard: &Heard) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut answers = heard.answers.iter();
    if delivery.has_first() {
        match answers.next() {
            Some(answer) if answer.status == 200 => {}
            other => complaints.push(format!(
                "the request before it was answered with {:?}",
                other.map(|answer| answer.status)
            )),
        }
    }
    let statuses: Vec<u16> = answers.clone().map(|answer| answer.status).collect();
    let is_silent = case.may_be_silent && statuses.len() + 1 == case.answers.len();
    let is_as_expected = (is_silent || statuses.len() == case.answers.len())
        && statuses
            .iter()
            .zip(&case.answers)
            .all(|(status, allowed)| allowed.contains(status));
    if !is_as_expected {
        complaints.push(format!(
            "answered with {statuses:?} instead of {:?}",
            case.answers
        ));
    }
    for answer in answers.filter(|answer| answer.status == 200) {
        let whose = answer.head.field("x-case").unwrap_or("the gateway");
        if whose.strip_prefix(id).is_none() && whose != "the gateway" {
            complaints.push(format!("got the answer to {whose}"));
        }
    }
    if !case.may_have_interims && !heard.interims.is_empty() {
        complaints.push(format!("got the interim answers {:?}", heard.interims));
    }
    complaints.extend(ending(case, is_silent, id, heard));
    complaints
}

fn ending(case: &Case, is_silent: bool, id: &str, heard: &Heard) -> Option<String> {
    let ended = heard.ending.as_ref();
    let is_over = matches!(ended, Some(Ending::Closed | Ending::Left))
        || (is_silent && ended == Some(&Ending::Reset));
    match (case.after, &heard.further) {
        (After::Closed | After::Either, _) if is_over => None,
        (After::Closed, _) => Some(format!("not closed but {ended:?}")),
        (After::Either, Some(Err(Ending::Closed | Ending::Reset))) => None,
        (_, Some(Ok(answer))) => {
            let own = format!("{id}after");
            let whose = answer.head.field("x-case");
            (answer.status != 200 || whose != Some(&own))
                .then(|| format!("the request behind it got {} of {whose:?}", answer.status))
        }
        (_, Some(Err(further))) => Some(format!("the request behind it got {further:?}")),
        (_, None) => Some(format!("ended with {ended:?}")),
    }
}

fn forwarded(seen: &Seen) -> String {
    let body = String::from_utf8_lossy(&seen.content.bytes);
    let short = |text: &str| text.chars().take(200).collect::<String>();
    let (line, body) = (short(&seen.head.start), short(&body));
    let (app, fault) = (seen.app, &seen.content.fault);
    format!("{app} was sent {line:?} with {body:?}, {fault:?}")
}

fn whole(seen: &[&Seen]) -> Vec<String> {
    let whole = seen.iter().filter(|seen| seen.content.fault.is_none());
    whole.map(|seen| forwarded(seen)).collect()
}

/// Finds each expected request once, and complains about every other.
fn compare(sent: &[Sent], mut seen: Vec<&Seen>, id: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for sent in sent {
        let line = sent.line.replace(super::case::ID, id);
        let start = format!("{line} HTTP/1.1");
        let found = seen.iter().position(|seen| seen.head.start == start);
        match found.map(|place| seen.remove(place)) {
            Some(seen) => complaints.extend(differences(sent, seen, id)),
            None => complaints.push(format!("no app was sent {line:?}")),
        }
    }
    complaints.extend(seen.into_iter().map(forwarded));
    complaints
}

fn differences(sent: &Sent, seen: &Seen, id: &str) -> Vec<String> {
    let mut differences = Vec::new();
    if seen.app != sent.app || seen.content.fault.is_some() {
        differences.push(forwarded(seen));
    }
    if seen.content.bytes != super::conversation::named(&sent.body, id) {
        let body = String::from_utf8_lossy(&seen.content.bytes);
        let (length, body) = (body.len(), body.chars().take(200).collect::<String>());
        differences.push(format!("the body was {length} bytes, {body:?}"));
    }
    for (name, value) in &sent.fields {
        let values = seen.head.all(name);
        if values != [value] {
            differences.push(format!("{name} was {values:?} instead of {value:?}"));
        }
    }
    for name in &sent.without {
        let plain = |name: &str| name.replace('_', "-");
        let found = seen.head.fields.iter().find(|(own, _)| plain(own) == *name);
        differences.extend(found.map(|field| format!("{field:?} was sent on")));
    }
    let trailers = seen.content.trailers.iter().map(|(name, _)| name.as_str());
    let trailers: Vec<&str> = trailers.collect();
    if trailers != sent.trailers {
        differences.push(format!("the trailers were {trailers:?}"));
    }
    differences
}
