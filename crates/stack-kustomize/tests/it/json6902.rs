//! JSON 6902 against another implementation, where kustomize follows the RFC.

use proptest::prelude::*;
use serde_json::{Value, json};
use stack_krm::yaml::to_node;
use stack_kustomize::JsonPatch;

/// Documents with the paths `/a`, `/a/x`, `/list/0` … in them.
fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(json!("text")), Just(json!(7)), Just(json!(true)), Just(json!(null))];
    let list = prop::collection::vec(leaf.clone(), 1..4);
    (leaf.clone(), leaf, list).prop_map(|(a, b, list)| json!({"a": {"x": a, "y~z/w": b}, "b": b, "list": list}))
}

/// Operations that the RFC and kustomize take alike: what they name is there.
fn operation() -> impl Strategy<Value = Value> {
    let path = prop::sample::select(vec!["/a/x", "/a/y~0z~1w", "/b", "/list/0"]);
    let place = prop::sample::select(vec!["/a/new", "/new", "/list/0", "/list/-"]);
    prop_oneof![
        path.clone().prop_map(|path| json!({"op": "replace", "path": path, "value": "new"})),
        place.clone().prop_map(|path| json!({"op": "add", "path": path, "value": {"k": [1, 2]}})),
        (path.clone(), place.clone()).prop_map(|(from, path)| json!({"op": "copy", "from": from, "path": path})),
        (path.clone(), place).prop_map(|(from, path)| json!({"op": "move", "from": from, "path": path})),
        path.prop_map(|path| json!({"op": "remove", "path": path})),
    ]
}

proptest! {
    #[test]
    fn one_operation_does_what_the_rfc_says(document in document(), operation in operation()) {
        let operations = json!([operation]);
        let mut expected = document.clone();
        let reference: json_patch::Patch = serde_json::from_value(operations.clone()).unwrap();
        let taken = json_patch::patch(&mut expected, &reference).is_ok();
        let mut object = to_node(&document).unwrap();
        let patch = JsonPatch::new(&to_node(&operations).unwrap()).unwrap();
        prop_assert_eq!(patch.apply(&mut object).is_ok(), taken);
        if taken {
            prop_assert_eq!(serde_json::to_value(&object).unwrap(), expected);
        }
    }
}
