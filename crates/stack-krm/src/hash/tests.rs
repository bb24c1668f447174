use super::*;

#[track_caller]
fn check(kind: &str, field: &str, data: &[(&'static str, &str)], expected: &str) {
    let data = Node::mapping(data.iter().map(|(key, value)| (*key, Node::string(*value))));
    let mut object = Node::mapping([("kind", Node::string(kind))]);
    if kind == "Secret" {
        object.as_mapping_mut().unwrap().insert("type", Node::string("Opaque"));
    }
    if data.as_mapping().is_some_and(|data| !data.is_empty()) {
        object.as_mapping_mut().unwrap().insert(field.to_owned(), data);
    }
    assert_eq!(suffix(&object).as_deref(), Some(expected));
}

#[test]
fn equals_the_suffixes_that_kustomize_makes() {
    check("ConfigMap", "data", &[("FOO", "Bar")], "42cfbf598f");
    check("ConfigMap", "data", &[], "6ct58987ht");
    check("ConfigMap", "data", &[("x", "a<b&c>é")], "2g42tgd4ch");
    check("Secret", "data", &[("a", "PHg+")], "5c5chtbgg5");
}

#[test]
fn other_kinds_have_none() {
    assert_eq!(suffix(&Node::mapping([("kind", Node::string("Pod"))])), None);
}
