//! Random trees whose texts are the kind that YAML writers get wrong.

use proptest::prelude::*;
use stack_krm::yaml::{Node, Scalar, Style, Tag, Value};

/// Texts that look like something else, or that need care.
const ODD: &[&str] = &[
    "",
    " ",
    "a ",
    " a",
    "yes",
    "No",
    "on",
    "y",
    "n",
    "~",
    "null",
    "true",
    "TRUE",
    "tRUE",
    "0",
    "1",
    "-1",
    "+1",
    "0x1F",
    "0x",
    "0o17",
    "0o-7",
    "-0o7",
    "0b11",
    "0b-1",
    "0b2",
    "017",
    "08",
    "1_000",
    "_1",
    "1e3",
    "1e400",
    "1e+",
    ".5",
    "5.",
    "._5",
    ".inf",
    "-.INF",
    ".nan",
    "Inf",
    "1:20",
    "190:20:30",
    "12:60",
    "1:20.5",
    "2001-01-01",
    "2001-1-1",
    "2001-01-01 10:00:00",
    "2001-13-01",
    "=",
    "<<",
    "-",
    "--",
    "---",
    "--- a",
    "...",
    "- a",
    "-a",
    "? a",
    "?a",
    ": a",
    ":a",
    "a: b",
    "a:b",
    "a:",
    "a #b",
    "a#b",
    "#a",
    "it's",
    "'a",
    "\"a",
    "%a",
    "@a",
    "`a",
    "!a",
    "&a",
    "*a",
    "{}",
    "[]",
    "{a",
    "a,b",
    ",a",
    "|",
    ">",
    "a\\b",
    "a\tb",
    "\ta",
    "\t",
    "a\rb",
    "a\r\nb\r\n",
    "\n",
    "\n\n",
    "a\n",
    "a\nb",
    "a\n\n",
    "\na\n",
    " a\nb\n",
    "a \nb\n",
    "a\n b\n",
    "a\nb ",
    "\u{e9}",
    "\u{a0}",
    "\u{1f600}",
    "a\u{1f600}\nb",
    "\u{feff}ab c",
    "a\u{2028}b",
    "a\u{2028}b\nc",
    "\u{200b}",
    "\u{fffd}",
    "\0",
    "\u{1b}[0m",
    "http://a:1/b#c",
    "100m",
    "1.2.3",
    "1.10",
    "0.0.0.0/0",
    "16-alpine",
    "sha256:1f",
    "$(VAR)",
    "a\n\tb\n",
    "\n a\n",
    "a\n#b\n",
    "#a\nb\n",
    "a\n---\nb\n",
];

pub(crate) fn text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(ODD).prop_map(str::to_owned);
    let words = prop::collection::vec(
        prop::sample::select(
            &[
                "a",
                "bc",
                "value",
                "it's",
                "x:",
                "#y",
                "-",
                "\"q\"",
                "",
                "\u{e9}t\u{e9}",
                "https://example.com/path",
                "--flag=1",
            ][..],
        ),
        1..40,
    )
    .prop_map(|words| words.join(" "));
    let lines = prop::collection::vec(
        prop_oneof![3 => "[a-z #:'\"-]{0,30}[a-z]", 1 => prop::sample::select(ODD).prop_map(str::to_owned)],
        1..6,
    )
    .prop_map(|lines| lines.join("\n"));
    let any = "[ -~]{0,20}";
    let wild = "[ -~\\t\\n\\r\u{e9}\u{1f600}]{0,12}";
    let numeric = "[-+.0-9_:exob]{1,8}";
    prop_oneof![4 => odd, 2 => words, 2 => lines, 2 => any, 1 => wild, 2 => numeric]
}

pub(crate) fn key() -> impl Strategy<Value = String> {
    let plain = "[a-z][a-zA-Z0-9._/-]{0,8}";
    let long = "[a-z ]{120,140}";
    prop_oneof![12 => plain, 4 => text(), 1 => long]
        .prop_filter("a merge, or what kustomize itself writes as a number", |key| {
            key != "<<" && !key.contains("o-") && !key.contains("o+")
        })
}

fn scalar() -> impl Strategy<Value = Node> {
    let fraction =
        |text: &str| Node::from(Value::Scalar(Scalar { text: text.into(), tag: Tag::Float, style: Style::Plain }));
    prop_oneof![
        8 => text().prop_map(Node::string),
        1 => any::<i64>().prop_map(Node::int),
        1 => any::<bool>().prop_map(Node::bool),
        1 => Just(Node::null()),
        1 => prop::sample::select(&["1.5", "-0.25", "10.125", "123456789.125"][..]).prop_map(fraction),
    ]
}

/// A tree without doubled keys.
pub(crate) fn node() -> impl Strategy<Value = Node> {
    scalar().prop_recursive(4, 40, 6, |inner| {
        let map = prop::collection::btree_map(key(), inner.clone(), 0..6).prop_map(Node::mapping);
        let list = prop::collection::vec(inner, 0..5).prop_map(Node::sequence);
        prop_oneof![3 => map, 2 => list]
    })
}
