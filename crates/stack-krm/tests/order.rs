//! The order of objects, where it is the order of no sorted list.

use stack_krm::{Gvk, Order, ResourceId};

fn sorted(order: &Order, ids: &[(&str, &str, &str)]) -> Vec<String> {
    let id = |(group, kind, name): &(&str, &str, &str)| ResourceId::new(Gvk::new(*group, "v1", *kind), "", *name);
    let mut ids: Vec<ResourceId> = ids.iter().map(id).collect();
    order.sort_by_id(&mut ids, Clone::clone);
    ids.iter().map(|id| format!("{}/{}", id.gvk.group, id.gvk.kind)).collect()
}

#[test]
fn only_the_kind_namespace_comes_first_where_its_group_is_empty() {
    let kinds = [("", "Namespace", "a"), ("a", "Namespace", "a"), ("", "X_Namespace", "a"), ("a", "X_Namespace", "a")];
    let expected = ["/Namespace", "a/Namespace", "a/X_Namespace", "/X_Namespace"];
    assert_eq!(sorted(&Order::legacy(), &kinds), expected);
}

/// `a Namespace` < `m Foo` < `core Namespace` < `a Namespace`: as kustomize 5.6.0 prints them.
#[test]
fn a_cycle_is_sorted_as_kustomize_does() {
    let order = Order { first: Vec::new(), last: Vec::new() };
    let cycle = [("", "Namespace", "a"), ("a", "Namespace", "a"), ("m", "Foo", "a")];
    assert_eq!(sorted(&order, &cycle), ["/Namespace", "a/Namespace", "m/Foo"]);
}

#[test]
fn long_cycles_keep_every_object() {
    let order = Order { first: Vec::new(), last: Vec::new() };
    let kinds = [("m", "Foo"), ("", "Namespace"), ("a", "Namespace")];
    for count in [13, 50, 1000] {
        let names: Vec<String> = (0..count).map(|number| format!("n{}", number * 7919 % count)).collect();
        let ids = names.iter().zip(kinds.iter().cycle()).map(|(name, (group, kind))| (*group, *kind, name.as_str()));
        let ids: Vec<_> = ids.collect();
        let mut kept = sorted(&order, &ids);
        kept.sort();
        let mut given: Vec<String> = ids.iter().map(|(group, kind, _)| format!("{group}/{kind}")).collect();
        given.sort();
        assert_eq!(kept, given);
    }
}
