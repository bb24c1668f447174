//! Typed values to trees and back, with the place of every fault.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use stack_krm::yaml::{Limits, Node, from_node, read, to_node};

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Service {
    name: String,
    ports: Vec<Port>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replicas: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probe: Option<Probe>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Port {
    port: u16,
    #[serde(default)]
    tls: bool,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Probe {
    None,
    HttpGet { path: String },
    Exec(Vec<String>),
    Tcp(u16, u16),
}

fn root(text: &str) -> Node {
    read(text, &Limits::default()).unwrap().remove(0).root
}

#[test]
fn values_go_to_trees_and_back() {
    for probe in [
        None,
        Some(Probe::None),
        Some(Probe::HttpGet { path: "/".into() }),
        Some(Probe::Exec(vec!["true".into()])),
        Some(Probe::Tcp(1, 2)),
    ] {
        let service = Service {
            name: "a".into(),
            ports: vec![Port { port: 80, tls: true }],
            labels: [("app".to_owned(), "1".to_owned())].into(),
            replicas: Some(-1),
            ratio: Some(0.5),
            probe,
        };
        let node = to_node(&service).unwrap();
        assert_eq!(from_node::<Service>(&node).unwrap(), service);
        assert_eq!(serde_json::to_value(&node).unwrap(), serde_json::to_value(&service).unwrap());
    }
}

#[test]
fn trees_become_json_as_kustomize_makes_it() {
    let json = serde_json::to_string(&root("a: 0644\nb: [1.0, 1e21, 2001-1-1, ~, yes, !!binary aGk=]\n")).unwrap();
    assert_eq!(json, r#"{"a":420,"b":[1,1e+21,"2001-01-01T00:00:00Z",null,"yes","hi"]}"#);
    assert!(serde_json::to_string(&root("a: .inf\n")).is_err());
}

#[test]
fn the_last_of_two_equal_keys_counts() {
    assert_eq!(from_node::<Service>(&root("name: a\nname: b\n")).unwrap().name, "b");
    let many: Vec<String> = (0..80).map(|index| format!("k{}: '{index}'", index % 40)).collect();
    let labels: BTreeMap<String, String> = from_node(&root(&many.join("\n"))).unwrap();
    assert_eq!((labels.len(), labels["k1"].as_str()), (40, "41"));
}

#[test]
fn whole_numbers_may_be_written_as_yaml_lets_them() {
    assert_eq!(from_node::<Vec<u16>>(&root("[0644, 1.0, 0x1F, 1_000]")).unwrap(), [420, 1, 31, 1000]);
}

/// A text, the place, the path, and what is said.
const FAULTS: &[(&str, &str, &str, &str)] = &[
    ("name: 1.10\n", "1.10", "name", "expected a string, found a number `1.10`: put it in quotes"),
    ("labels: {app: true}\n", "true", "labels.app", "expected a string, found a boolean `true`: put it in quotes"),
    ("nmae: a\n", "nmae", "", "there is no field `nmae` here, did you mean `name`?"),
    ("ports: [{prt: 1}]\n", "prt", "ports[0]", "there is no field `prt` here, did you mean `port`?"),
    ("ports:\n- tls: true\n", "tls", "ports[0]", "the field `port` is missing"),
    (
        "ports: [{port: 70000}]\n",
        "70000",
        "ports[0].port",
        "expected a whole number from 0 to 65535, found the number `70000`",
    ),
    (
        "ports: [{port: http}]\n",
        "http",
        "ports[0].port",
        "expected a whole number from 0 to 65535, found the string `http`",
    ),
    ("ports: {port: 1}\n", "{port: 1}", "ports", "expected a list, found a map"),
    ("ports: [80]\n", "80", "ports[0]", "expected a map, found the number `80`"),
    ("ports: [{port: 1, tls: yes}]\n", "yes", "ports[0].tls", "expected a boolean, found the string `yes`"),
    ("probe: {htpGet: {}}\n", "htpGet", "probe", "`htpGet` is none of the possible values, did you mean `httpGet`?"),
    ("probe: {httpGet: {}}\n", "{}", "probe.httpGet", "the field `path` is missing"),
    ("probe: {exec: [1]}\n", "1", "probe.exec[0]", "expected a string, found a number `1`: put it in quotes"),
    ("probe: [a]\n", "[a]", "probe", "expected a name, or a map with one key, found a list"),
    ("probe: {none: 1}\n", "1", "probe.none", "`none` has no content"),
    ("replicas: 1.5\n", "1.5", "replicas", "expected a whole number of 32 bits, found the number `1.5`"),
];

#[test]
fn faults_have_a_place_a_path_and_plain_words() {
    for (text, place, path, message) in FAULTS {
        let node = root(text);
        let error = from_node::<Service>(&node).unwrap_err();
        assert_eq!(
            (error.span.of(text), error.path.as_str(), error.message.as_str()),
            (*place, *path, *message),
            "{text}"
        );
    }
}

#[test]
fn the_tree_stays_small() {
    assert!(size_of::<Node>() <= 56, "{}", size_of::<Node>());
}
