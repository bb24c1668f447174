//! What the writer writes, our reader and others read back as the same tree.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod random;

use proptest::prelude::*;
use stack_krm::yaml::{Limits, Node, PrintOptions, Tag, Value, print, read};

fn written(node: &Node, options: &PrintOptions) -> String {
    let mut text = String::new();
    print(node, options, &mut text).unwrap();
    text
}

fn read_back(text: &str) -> Node {
    let documents = read(text, &Limits::default()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    documents.into_iter().next().map(|document| document.root).unwrap_or_default()
}

/// The tree as another library sees it, whose numbers and dates have kinds of their own: texts only.
fn texts(node: &Node, out: &mut Vec<String>) {
    match &node.value {
        Value::Mapping(mapping) => {
            for (key, value) in mapping.iter() {
                out.push(key.to_owned());
                texts(value, out);
            }
        }
        Value::Sequence(nodes) => nodes.iter().for_each(|node| texts(node, out)),
        Value::Scalar(scalar) if scalar.tag == Tag::Str => out.push(scalar.text.to_string()),
        Value::Scalar(_) => {}
    }
}

fn their_texts(value: &serde_json::Value, out: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                out.push(key.clone());
                their_texts(value, out);
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| their_texts(value, out)),
        serde_json::Value::String(text) => out.push(text.clone()),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_source_tree_is_read_back_as_it_was(node in random::node()) {
        let text = written(&node, &PrintOptions::SOURCE);
        prop_assert_eq!(read_back(&text), node, "{}", text);
        let windows = text.replace('\n', "\r\n");
        prop_assert_eq!(read_back(&windows), read_back(&text));
    }

    #[test]
    fn kustomize_output_is_read_back_as_it_was(node in random::node()) {
        let text = written(&node, &PrintOptions::KUSTOMIZE);
        // U+2028 is a line break for go-yaml, which wrote it so; `0o-7` is text for go-yaml v2 and a number for v3.
        prop_assume!(!text.contains('\u{2028}') && !text.contains("0o-") && !text.contains("0o+"));
        let back = read_back(&text);
        prop_assert_eq!(written(&back, &PrintOptions::KUSTOMIZE), text);
    }

    #[test]
    fn an_independent_reader_finds_the_same_texts(node in random::node()) {
        let text = written(&node, &PrintOptions::SOURCE);
        let options = serde_saphyr::options! { strict_booleans: false };
        let theirs: serde_json::Value = serde_saphyr::from_str_with_options(&text, options).unwrap();
        let (mut ours_found, mut theirs_found) = (Vec::new(), Vec::new());
        texts(&node, &mut ours_found);
        their_texts(&theirs, &mut theirs_found);
        ours_found.sort();
        theirs_found.sort();
        prop_assert_eq!(ours_found, theirs_found, "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[-a-c :\\[\\]{}&*!|>'\"%@`\n\t#,?<~0-9.\u{e9}]{0,60}") {
        if let Ok(documents) = read(&text, &Limits::default()) {
            for document in documents {
                let mut out = String::new();
                if print(&document.root, &PrintOptions::SOURCE, &mut out).is_ok() && document.duplicate_keys.is_empty() {
                    prop_assert_eq!(written(&read_back(&out), &PrintOptions::SOURCE), out.as_str(), "{:?}", text);
                }
            }
        }
    }
}
