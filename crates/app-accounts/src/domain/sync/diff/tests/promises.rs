//! What holds for every plan, and when one asks.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

#[test]
fn too_much_at_once_asks() {
    let suspending = |gone: usize, of: usize| {
        let names: Vec<String> = (0..of).map(|number| format!("p{number}")).collect();
        let here: Vec<_> = names.iter().map(|name| known(name)).collect();
        let there: Vec<_> = names.iter().skip(gone).map(|name| entry(name)).collect();
        plan(&there, &here).asks(of, 0)
    };
    for (gone, of, asks) in [
        (1, 1, false),
        (2, 10, false),
        (3, 10, true),
        (2, 9, true),
        (10, 50, false),
        (10, 49, true),
        (11, 1_000, true),
    ] {
        assert_eq!(suspending(gone, of), asks, "{gone} of {of}");
    }
    let emptying = |gone: usize, of: usize| {
        let groups =
            (0..of).map(|number| known_group(&format!("g{number}"), &[of_person("erika")]));
        let known_here = Known {
            people: vec![known("erika")],
            groups: groups.collect(),
            ..Known::default()
        };
        let there: Vec<_> = (gone..of)
            .map(|number| group(&format!("g{number}"), &[of_entry("erika")]))
            .collect();
        plan_of(&[entry("erika")], &there, &known_here).asks(1, of)
    };
    assert_eq!(
        [
            emptying(1, 1),
            emptying(5, 25),
            emptying(6, 100),
            emptying(2, 9)
        ],
        [false, false, true, true]
    );
}

#[test]
fn the_digest_tells_plans_apart() {
    let mut changed = entry("erika");
    changed.title = "Engineer".to_owned();
    let one = plan(std::slice::from_ref(&changed), &[known("erika")]);
    assert_eq!(one.digest().unwrap(), one.clone().digest().unwrap());
    changed.title = "Director".to_owned();
    let other = plan(&[changed], &[known("erika")]);
    assert_ne!(one.digest().unwrap(), other.digest().unwrap());
}

proptest! {
    /// Whatever is there and here: nobody is touched who is not of the directory, nobody twice in the same way, nobody
    /// is both taken and given access, and who is there and active never loses it.
    #[test]
    fn a_plan_keeps_its_promises(
        there in proptest::collection::btree_map("[a-f]{1,2}", 0_u8..3, 0..12),
        here in proptest::collection::btree_map("[a-f]{1,2}", (0_u8..3, any::<bool>()), 0..12),
        elsewhere in 0_usize..2,
    ) {
        let people: Vec<_> = there.iter().map(|(name, standing)| {
            let mut entry = entry(name);
            entry.standing = match standing {
                0 => Standing::Active,
                1 => Standing::Disabled,
                _ => Standing::Expired,
            };
            entry
        }).collect();
        let known_people: Vec<_> = here.iter().map(|(name, (kind, locked))| {
            let mut known = known(name);
            match kind {
                0 => {}
                1 => {
                    known.person.lock(State::Suspended, jiff::Timestamp::UNIX_EPOCH);
                    known.locked = *locked;
                }
                _ => known.person.role = Role::Admin,
            }
            known
        }).collect();
        let administrators = known_people.iter().filter(|one| one.person.is_active_administrator()).count();
        let known_here = Known { people: known_people, administrators: elsewhere, ..Known::default() };
        let plan = plan_of(&people, &[], &known_here);
        let mut seen = HashSet::new();
        let mut left = administrators;
        for step in &plan.people {
            prop_assert!(seen.insert((step.deed, step.entry.clone())));
            let name = step.entry.strip_prefix("id-").unwrap();
            let is_active = there.get(name) == Some(&0);
            match step.deed {
                Deed::Create => prop_assert!(is_active && !here.contains_key(name)),
                Deed::Update => prop_assert!(false, "nothing differs"),
                Deed::Suspend => {
                    prop_assert!(!is_active && here[name].0 != 1);
                    left -= usize::from(here[name].0 == 2);
                }
                Deed::Reinstate => prop_assert!(is_active && here[name] == (1, true)),
            }
        }
        prop_assert!(administrators + elsewhere == 0 || left + elsewhere > 0, "somebody is left in charge");
    }
}
