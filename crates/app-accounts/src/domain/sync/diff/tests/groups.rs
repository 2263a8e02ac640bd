//! Groups of a plan.

use super::*;
use crate::domain::sync::plan::{GroupDeed, MemberKind};

#[test]
fn groups_come_with_their_people_and_leave_others_alone() {
    let known_here = Known {
        people: vec![known("erika"), known("max")],
        groups: vec![known_group(
            "staff",
            &[of_person("erika"), of_person("by-hand")],
        )],
        ..Known::default()
    };
    let people = [entry("erika"), entry("max"), entry("new")];
    let staff = group(
        "staff",
        &[of_entry("max"), of_entry("new"), of_entry("stranger")],
    );
    let inner = MemberId::Group(entry_id("group-staff"));
    let plan = plan_of(&people, &[staff, group("all", &[inner])], &known_here);
    let [change, create] = plan.groups.as_slice() else {
        panic!("{plan:?}");
    };
    assert_eq!(change.deed, GroupDeed::Change);
    let comes: Vec<_> = change.adds.iter().map(|(_, id)| id.as_str()).collect();
    assert_eq!(comes, ["id-max", "id-new"]);
    assert_eq!(
        change.removes,
        [(MemberKind::Person, Uuid::from_u128(id_of("erika")))]
    );
    assert_eq!((create.deed, create.adds.len()), (GroupDeed::Create, 1));
}

#[test]
fn a_group_is_renamed_by_its_id_and_emptied_when_it_is_gone() {
    let known_here = Known {
        people: vec![known("erika")],
        groups: vec![
            known_group("staff", &[of_person("erika")]),
            known_group("old", &[of_person("erika"), of_person("by-hand")]),
            known_group("empty", &[of_person("by-hand")]),
        ],
        ..Known::default()
    };
    let mut renamed = group("staff", &[of_entry("erika")]);
    renamed.name = "Everybody".to_owned();
    let plan = plan_of(&[entry("erika")], &[renamed], &known_here);
    let [change, empty] = plan.groups.as_slice() else {
        panic!("{plan:?}");
    };
    assert_eq!(change.renamed_from.as_deref(), Some("staff"));
    assert_eq!((empty.deed, empty.removes.len()), (GroupDeed::Empty, 1));
}

#[test]
fn names_of_groups_and_circles_are_conflicts() {
    let mut known_here = Known::default();
    known_here
        .group_names
        .insert("staff".to_owned(), holder("staff"));
    let of = |name: &str| MemberId::Group(entry_id(&format!("group-{name}")));
    let mut twin = group("twin", &[]);
    twin.name = "A".to_owned();
    let groups = [
        group("Staff", &[]),
        group("a", &[of("b")]),
        group("b", &[of("a")]),
        twin,
    ];
    let plan = plan_of(&[], &groups, &known_here);
    let names: Vec<_> = plan.groups.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(
        obstacles(&plan),
        [
            Obstacle::GroupNameTaken,
            Obstacle::GroupNameTwice,
            Obstacle::Cycle
        ]
    );
    assert_eq!(
        (plan.groups[0].adds.len(), plan.groups[1].adds.len()),
        (1, 0)
    );
}
