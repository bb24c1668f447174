//! JSON 6902 against another implementation, where kustomize follows the RFC.

#![expect(clippy::unwrap_used, reason = "the values of a test are known to be right")]

use proptest::prelude::*;
use serde_json::{Value, json};
use stack_krm::yaml::{Node, to_node};
use stack_kustomize::{JsonPatch, JsonPatchError};

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

/// A map of more keys than are looked for one by one, in which each value is a map too.
fn large() -> Value {
    let entries =
        |count: usize| (0..count).map(|n| (format!("k{n}"), json!({"x": n}))).collect::<serde_json::Map<_, _>>();
    json!({"data": entries(90), "list": [entries(80), entries(70)], "small": {"inner": entries(75)}})
}

/// Operations in that map and beside it.
fn operation_in_large() -> impl Strategy<Value = Value> {
    let map = prop::sample::select(vec!["/data", "/data", "/list/0", "/list/-1", "/small/inner", "x/list/1"]);
    let key = (map, 0..100_usize).prop_map(|(map, n)| format!("{map}/k{n}"));
    let whole = prop::sample::select(vec!["/data", "/list", "/list/0", "/list/1", "/small", "/small/inner", "/moved"]);
    let below = key.clone().prop_map(|key| key + "/x");
    let path = prop_oneof![20 => key.clone(), 2 => below, 1 => whole.prop_map(str::to_owned)];
    let value = prop_oneof![Just(json!({"x": 1})), Just(json!(1)), Just(json!({}))];
    prop_oneof![
        8 => key.prop_map(|path| json!({"op": "remove", "path": path})),
        1 => path.clone().prop_map(|path| json!({"op": "remove", "path": path})),
        3 => (path.clone(), value.clone()).prop_map(|(path, value)| json!({"op": "replace", "path": path, "value": value})),
        3 => (path.clone(), value).prop_map(|(path, value)| json!({"op": "add", "path": path, "value": value})),
        2 => (path.clone(), path.clone()).prop_map(|(from, path)| json!({"op": "move", "from": from, "path": path})),
        1 => (path.clone(), path.clone()).prop_map(|(from, path)| json!({"op": "copy", "from": from, "path": path})),
        1 => path.prop_map(|path| json!({"op": "test", "path": path, "value": {"x": 1}})),
    ]
}

fn applied(operations: &[Value], object: &mut Node) -> Result<bool, JsonPatchError> {
    JsonPatch::new(&to_node(&json!(operations)).unwrap()).unwrap().apply(object)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// What is remembered from one operation to the next changes nothing, neither what comes out nor what an error says.
    #[test]
    fn a_patch_does_what_its_operations_do_one_by_one(operations in prop::collection::vec(operation_in_large(), 1..150)) {
        let start = to_node(&large()).unwrap();
        let (mut expected, mut taken) = (start.clone(), Vec::new());
        for operation in operations {
            let mut next = expected.clone();
            taken.push(operation.clone());
            let alone = applied(&[operation], &mut next);
            if alone.is_err() {
                prop_assert_eq!(applied(&taken, &mut start.clone()), alone);
                taken.pop();
            } else {
                expected = next;
            }
        }
        let mut object = start;
        prop_assert_eq!(applied(&taken, &mut object), Ok(false));
        prop_assert_eq!(object, expected);
    }

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
