//! The writer's rules as tables, taken from the real binary.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

use stack_krm::yaml::{Limits, Node, PrintOptions, print, read};

fn written(node: &Node, options: &PrintOptions) -> String {
    let mut out = String::new();
    print(node, options, &mut out).unwrap();
    out
}

/// A string, how kustomize writes it, and how files for people hold it.
const STRINGS: &[(&str, &str, &str)] = &[
    ("", "\"\"", "\"\""),
    ("a: b", "'a: b'", "'a: b'"),
    ("a #b", "'a #b'", "'a #b'"),
    ("a:", "'a:'", "'a:'"),
    ("- a", "'- a'", "'- a'"),
    ("x ", "'x '", "'x '"),
    ("{}", "'{}'", "'{}'"),
    ("it's", "it's", "it's"),
    ("a\\b", "a\\b", "a\\b"),
    ("-a", "-a", "-a"),
    ("?a", "?a", "?a"),
    (":a", ":a", ":a"),
    ("a,b", "a,b", "a,b"),
    ("a:b", "a:b", "a:b"),
    ("a#b", "a#b", "a#b"),
    ("'a", "'''a'", "'''a'"),
    ("\"a", "'\"a'", "'\"a'"),
    ("%a", "'%a'", "'%a'"),
    ("@a", "'@a'", "'@a'"),
    ("---", "'---'", "'---'"),
    ("1", "\"1\"", "\"1\""),
    ("true", "\"true\"", "\"true\""),
    ("tRUE", "tRUE", "\"tRUE\""),
    ("y", "\"y\"", "\"y\""),
    ("no", "\"no\"", "\"no\""),
    ("0x1", "\"0x1\"", "\"0x1\""),
    ("0x", "0x", "0x"),
    ("1_0", "\"1_0\"", "\"1_0\""),
    ("1:20", "\"1:20\"", "\"1:20\""),
    ("1e400", "1e400", "\"1e400\""),
    ("1.2.3", "1.2.3", "1.2.3"),
    ("10.0.0.0/8", "10.0.0.0/8", "10.0.0.0/8"),
    ("16-alpine", "16-alpine", "16-alpine"),
    ("=", "=", "\"=\""),
    ("<<", "<<", "\"<<\""),
    ("2001-1-1", "\"2001-1-1\"", "\"2001-1-1\""),
    ("2001-01-01 10:00:00 +1", "2001-01-01 10:00:00 +1", "\"2001-01-01 10:00:00 +1\""),
    ("a\tb", "\"a\\tb\"", "\"a\\tb\""),
    ("a\r\nb\n", "\"a\\r\\nb\\n\"", "\"a\\r\\nb\\n\""),
    ("a \nb\n", "\"a \\nb\\n\"", "\"a \\nb\\n\""),
    ("\u{1f600}", "\"\\U0001F600\"", "\u{1f600}"),
    ("\u{e9}", "\u{e9}", "\u{e9}"),
    ("\u{85}\0", "\" \\0\"", "\"\\N\\0\""),
    ("a\nb", "|-\n  a\n  b", "|-\n  a\n  b"),
    ("a\nb\n", "|\n  a\n  b", "|\n  a\n  b"),
    ("a\n\n", "|+\n  a\n", "|+\n  a\n"),
    ("\na\n", "|2\n\n  a", "|2\n\n  a"),
    ("  a\nb\n", "|2\n    a\n  b", "|2\n    a\n  b"),
    ("\n", "|2+\n", "|2+\n"),
    ("a\n\tb\n", "\"a\\n\\tb\\n\"", "|\n  a\n  \tb"),
    ("\ta\nb\n", "\"\\ta\\nb\\n\"", "\"\\ta\\nb\\n\""),
];

#[test]
fn strings_are_quoted_as_kustomize_quotes_them() {
    for (text, kustomize, source) in STRINGS {
        let node = Node::mapping([("k", Node::string(*text))]);
        assert_eq!(written(&node, &PrintOptions::KUSTOMIZE), format!("k: {kustomize}\n"));
        assert_eq!(written(&node, &PrintOptions::SOURCE), format!("k: {source}\n"));
    }
}

/// A plain text in the input, what kustomize writes, and what files for people hold.
const VALUES: &[(&str, &str, &str)] = &[
    ("0777", "511", "511"),
    ("-017", "-15", "-15"),
    ("0b11", "3", "3"),
    ("0x1_F", "31", "31"),
    ("00", "0", "0"),
    ("-0", "0", "0"),
    ("+1", "1", "1"),
    ("1e3", "1000", "1000"),
    ("1.0", "1", "1.0"),
    ("1.10", "1.1", "1.10"),
    (".5", "0.5", "0.5"),
    ("-0.0", "0", "-0.0"),
    ("1e-400", "0", "0"),
    ("1e21", "1e+21", "1e+21"),
    ("1e20", "1e+20", "1e+20"),
    ("1e-7", "1e-07", "1e-07"),
    ("0.000001", "1e-06", "0.000001"),
    ("123456789.125", "1.23456789125e+08", "123456789.125"),
    ("18446744073709551615", "18446744073709551615", "18446744073709551615"),
    ("18446744073709551616", "1.8446744073709552e+19", "1.8446744073709552e+19"),
    ("-9223372036854775809", "-9.223372036854776e+18", "-9.223372036854776e+18"),
    ("2001-1-1", "\"2001-01-01T00:00:00Z\"", "2001-1-1"),
    ("2001-01-01 10:00:00", "\"2001-01-01T10:00:00Z\"", "2001-01-01 10:00:00"),
    ("2001-12-14t21:59:43.10-05:00", "\"2001-12-14T21:59:43.1-05:00\"", "2001-12-14t21:59:43.10-05:00"),
    ("!!binary aGVsbG8=", "hello", "!!binary aGVsbG8="),
    ("!foo x", "x", "x"),
    ("~", "null", "null"),
    ("TRUE", "true", "true"),
    ("yes", "\"yes\"", "\"yes\""),
    ("{}", "{}", "{}"),
    ("[]", "[]", "[]"),
];

#[test]
fn values_are_written_as_kustomize_writes_them() {
    for (text, kustomize, source) in VALUES {
        let documents = read(&format!("k: {text}\n"), &Limits::default()).unwrap();
        assert_eq!(written(&documents[0].root, &PrintOptions::KUSTOMIZE), format!("k: {kustomize}\n"), "{text}");
        assert_eq!(written(&documents[0].root, &PrintOptions::SOURCE), format!("k: {source}\n"), "{text}");
    }
}

#[test]
fn keys_stand_in_natural_order() {
    let sorted =
        ["-", "Z", "a", "a-1", "a_1", "a1", "a1b2", "a1b10", "a01", "a2", "app", "app-2", "app.x", "app2", "b"];
    let mut shuffled = sorted;
    for step in [1, 5, 7] {
        shuffled.rotate_left(step);
        shuffled.swap(0, step);
        let node = Node::mapping(shuffled.map(|key| (key, Node::null())));
        let expected: String =
            sorted.map(|key| if key == "-" { "'-': null\n".to_owned() } else { key.to_owned() + ": null\n" }).concat();
        assert_eq!(
            written(&node, &PrintOptions::KUSTOMIZE),
            expected.replace("'-'", "-").replace("-: null", "'-': null")
        );
    }
}

#[test]
fn an_order_that_is_not_transitive_never_panics() {
    let keys = (0..500).map(|index| match index % 3 {
        0 => format!("{index}a"),
        1 => format!("{index}"),
        _ => format!("0{index}0"),
    });
    let node = Node::mapping(keys.map(|key| (key, Node::null())));
    assert_eq!(written(&node, &PrintOptions::KUSTOMIZE).lines().count(), 500);
}

#[test]
fn layout_is_that_of_kustomize() {
    let long = "k".repeat(129);
    let text = format!(
        "a: [[1, [2]], {{b: 1, c: {{d: []}}}}, []]\n{long}: [1]\n? |\n  x\n  y\n: {{z: 1}}\nw: {}\n",
        "word ".repeat(30)
    );
    let documents = read(&text, &Limits::default()).unwrap();
    let words = "word ".repeat(16);
    let expected = format!(
        "a:\n- - 1\n  - - 2\n- b: 1\n  c:\n    d: []\n- []\n? {long}\n: - 1\nw: {}\n  {}\n? |\n  x\n  y\n: z: 1\n",
        words.trim_end(),
        "word ".repeat(14).trim_end()
    );
    assert_eq!(written(&documents[0].root, &PrintOptions::KUSTOMIZE), expected);
    let root = |node: Node| written(&node, &PrintOptions::KUSTOMIZE);
    assert_eq!(
        [root(Node::string("a")), root(Node::mapping::<&str>([])), root(Node::string("a\n"))],
        ["a\n", "{}\n", "|\n  a\n"]
    );
}

#[test]
fn what_kustomize_cannot_write_is_refused_with_its_place() {
    let table = [
        ("a: {1: b}\n", "a key must be a string: write `\"1\"` in quotes", "1"),
        ("a: .inf\n", "neither JSON nor kustomize knows infinities and NaN: put it in quotes", ".inf"),
        ("a: !!binary '%'\n", "this is not base64", "'%'"),
    ];
    for (text, message, place) in table {
        let documents = read(text, &Limits::default()).unwrap();
        let error = print(&documents[0].root, &PrintOptions::KUSTOMIZE, &mut String::new()).unwrap_err();
        assert_eq!((error.message.as_str(), error.span.of(text)), (message, place));
    }
    let documents = read("1: b\n", &Limits::default()).unwrap();
    assert_eq!(written(&documents[0].root, &PrintOptions::KUSTOMIZE), "\"1\": b\n");
    assert_eq!(written(&documents[0].root, &PrintOptions::SOURCE), "1: b\n");
}
