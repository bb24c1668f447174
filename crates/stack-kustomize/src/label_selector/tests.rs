use stack_krm::yaml::{Limits, read};
use stack_source::Locus;

use super::*;

#[track_caller]
fn check(selector: &str, expected: bool) {
    let object = "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: web, size: '3'}}}";
    let item = Item::new(read(object, &Limits::default()).unwrap().remove(0).root, Locus::Derived);
    assert_eq!(
        LabelSelector::new(selector).map(|selector| selector.matches(&item, "labels")),
        Ok(expected),
        "{selector}"
    );
}

#[test]
fn selects_as_kubectl_does() {
    check("", true);
    check("app=web", true);
    check("app==db", false);
    check("app!=db,size", true);
    check("other!=db", true);
    check("app in (db, web), !other", true);
    check("app notin (db,web)", false);
    check("size>2,size<4", true);
    check(" app\t= web , size", true);
    check("app=,size", false);
    check("app notin ()", true);
    check("other notin (,)", true);
    check("app in (db,,web)", true);
    check("in notin (in)", true);
}

#[test]
fn refuses_what_is_none() {
    for selector in [
        "app=web,",
        "=web",
        "app ~ web",
        "app in web",
        "!",
        "app=a b",
        "app=https://x",
        "app=*",
        "a b/c",
        "app in (web,,)",
        "app in (web db)",
        "app >= 1",
    ] {
        assert!(LabelSelector::new(selector).is_err(), "{selector}");
    }
}
