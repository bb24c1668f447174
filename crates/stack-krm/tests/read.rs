//! What the reader makes of texts: the rules of go-yaml v3 as kustomize uses it, as tables.

use stack_krm::yaml::{Limits, Node, PartReader, Tag, Value, read};
use stack_source::Span;

fn root(text: &str) -> Node {
    match read(text, &Limits::default()) {
        Ok(documents) => documents.into_iter().next().map(|document| document.root).unwrap_or_default(),
        Err(error) => panic!("{text:?}: {error}"),
    }
}

fn refusal(text: &str) -> (String, String) {
    match read(text, &Limits::default()) {
        Ok(documents) => panic!("{text:?} is read as {:?}", documents[0].root),
        Err(error) => {
            let help = error.help.map(|help| format!(": {help}")).unwrap_or_default();
            (error.message + &help, error.span.of(text).to_owned())
        }
    }
}

/// A plain text, and its kind.
const PLAIN: &[(Tag, &[&str])] = &[
    (
        Tag::Str,
        &["yes", "no", "on", "off", "y", "n", "Yes", "NO", "On", "Y", "tRUE", "nULL", "Inf", "NaN", "inf", "=", "<<"],
    ),
    (
        Tag::Str,
        &["1e400", "0x1p-2", "0xfffffffffffffffff", "0x", "0b2", "1e+", "1.2.3", "100m", "_1", "12:30:45", "1:20"],
    ),
    (Tag::Str, &["190:20:30", "1:20.5", "12:60", ".", "..", "+", "0o8", "._5", ".5_", "é", "0x1G"]),
    (
        Tag::Str,
        &["2001-13-01", "2001-02-29", "2001-1-1T1:2", "2001-01-01 10:00:00Z", "2001-01-01T25:00:00Z", "20010-1-1"],
    ),
    (Tag::Bool, &["true", "True", "TRUE", "false", "False", "FALSE"]),
    (Tag::Null, &["~", "null", "Null", "NULL"]),
    (
        Tag::Int,
        &["0777", "0o777", "0O777", "-017", "0b11", "0B11", "0x1F", "0X1f", "0x1_F", "0x_1", "00", "+1", "-0", "1_000"],
    ),
    (Tag::Int, &["1__0", "1_", "18446744073709551615", "-9223372036854775808", "0b-1", "-0o7", "-0x10", "0_7"]),
    (
        Tag::Float,
        &["1e3", "1.0", "1.10", "5.", ".5", "-0.0", "1e-400", "1e21", "08", "09", ".1_0", "18446744073709551616"],
    ),
    (Tag::Float, &["-9223372036854775809", "+18446744073709551615", ".inf", "-.inf", "+.INF", ".NaN"]),
    (Tag::Timestamp, &["2001-01-01", "2001-1-1", "2001-01-01 10:00:00", "2001-12-14t21:59:43.10-05:00", "2000-02-29"]),
];

#[test]
fn plain_texts_have_the_kinds_that_go_yaml_gives_them() {
    for (tag, texts) in PLAIN {
        for text in *texts {
            let node = root(&format!("a: {text}\n"));
            let scalar = node.get("a").and_then(Node::as_scalar).cloned();
            let scalar = scalar.unwrap_or_else(|| panic!("{text} is no scalar"));
            assert_eq!((scalar.tag, scalar.text.as_str()), (*tag, *text));
            let quoted = root(&format!("a: '{text}'\n"));
            assert_eq!(quoted.get("a"), Some(&Node::string(*text)));
        }
    }
}

#[test]
fn integers_have_the_values_that_go_yaml_gives_them() {
    let table = [
        ("0777", 511),
        ("0o777", 511),
        ("0O777", 511),
        ("-017", -15),
        ("0b11", 3),
        ("0B11", 3),
        ("0x1F", 31),
        ("0x1_F", 31),
        ("0x_1", 1),
        ("00", 0),
        ("08", 8),
        ("+1", 1),
        ("-0", 0),
        ("1_000", 1000),
        ("1__0", 10),
        ("1_", 1),
        ("1e3", 1000),
        ("1.0", 1),
        ("5.", 5),
        ("-9223372036854775808", i64::MIN),
        ("0b-1", -1),
    ];
    for (text, value) in table {
        assert_eq!(root(text).as_i64(), Some(value), "{text}");
    }
    assert_eq!(root("18446744073709551615").as_u64(), Some(u64::MAX));
    assert_eq!(root("1.5").as_i64(), None);
    assert_eq!(root("-.INF").as_f64(), Some(f64::NEG_INFINITY));
}

/// A text, and the same written out.
const SAME: &[(&str, &str)] = &[
    ("a: &x {b: 1}\nc: *x\n", "a: {b: 1}\nc: {b: 1}\n"),
    ("a: &x 1\n*x : 2\n", "a: 1\n1: 2\n"),
    ("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\n", "a: {b: 1, c: 2}\nd: {c: 3, b: 1}\n"),
    ("a: {<<: [{b: 1}, {b: 2, c: 3}]}\n", "a: {b: 1, c: 3}\n"),
    ("a: &x 1\nb: &x 2\nc: *x\n", "a: 1\nb: 2\nc: 2\n"),
    ("k: |\n  b", "k: b\n"),
    ("k: >\n  b\n  c", "k: b c\n"),
    ("k: |\n  b\n", "k: \"b\\n\"\n"),
    ("k: |+\n  b\n\n", "k: \"b\\n\\n\"\n"),
    ("k: |\r\n  b\r\n  c\r\n", "k: \"b\\nc\\n\"\n"),
    ("\u{feff}a: 1\n", "a: 1\n"),
    ("%YAML 1.1\n---\na: 1\n", "a: 1\n"),
    ("a: !!str 1\n", "a: '1'\n"),
    ("a: !foo x\n", "a: 'x'\n"),
    ("a: !foo 1\n", "a: '1'\n"),
    ("a: ! 1\n", "a: 1\n"),
    ("a: !!int '1'\n", "a: 1\n"),
    ("a: {b: 1, c}\n", "a: {b: 1, c: null}\n"),
    ("a: {b: 1, c: }\n", "a: {b: 1, c: null}\n"),
    ("a: [b, ]\n", "a: [b]\n"),
    ("a: [\n  b\n]\n", "a: [b]\n"),
    ("a:\n? b\n", "a: null\nb: null\n"),
    ("a: [b:c, d#e]\n", "a: ['b:c', 'd#e']\n"),
    ("{\"a\":1, 'b':2}\n", "a: 1\nb: 2\n"),
];

#[test]
fn shorthands_are_written_out() {
    for (text, long) in SAME {
        assert_eq!(root(text), root(long), "{text:?}");
    }
}

/// A text, what is said about it, and the place.
const REFUSED: &[(&str, &str, &str)] = &[
    ("%YAML 1.2\n---\na: 1\n", "kustomize takes no `%YAML` directive but `%YAML 1.1`: remove the line", "%YAML 1.2"),
    (
        "a: \u{1}\n",
        "the control character U+0001 cannot stand in YAML: take it out, or write it as `\\u0001` in double quotes",
        "\u{1}",
    ),
    (
        "# \u{7f}\n",
        "the control character U+007F cannot stand in YAML: take it out, or write it as `\\u007f` in double quotes",
        "\u{7f}",
    ),
    ("a: &x [*x]\n", "an alias cannot stand inside the node that it names", "*x"),
    (
        "a: [*x]\n",
        "no anchor before it in this document is named as the alias `*x`: write `&x` before what it stands for, or put the text in quotes",
        "*x",
    ),
    (
        "a: &x 1\n---\nb: *x\n",
        "no anchor before it in this document is named as the alias `*x`: write `&x` before what it stands for, or put the text in quotes",
        "*x",
    ),
    (
        "a: {{ b }}\n",
        "a list or a map cannot be a key: put it in quotes if it is a text, as a template such as `{{ … }}`",
        "{ b }",
    ),
    ("a: {<<: 1}\n", "`<<` merges a map or a list of maps", "1"),
    ("a: {<<: {}, <<: {}}\n", "a map can have one `<<` key only: write one `<<` with a list of anchors", "<<"),
    (
        "a: {'<<': {}}\n",
        "kustomize drops a quoted `<<` key: take the quotes away to merge, or name it otherwise",
        "'<<'",
    ),
    ("a: !!int foo\n", "`foo` is no int", "foo"),
    ("a: @b\n", "a text cannot start with `@`: put it in quotes", "@"),
    ("a: b: c\n", "a second `: ` in one line: put the text in quotes, or start a new line", ":"),
    (
        "a:\n  b: 1\n   c: 2\n",
        "a key is indented as if it belonged to the value above: indent it as the keys beside it; a key above that has keys of its own \
         has no value in its line",
        ":",
    ),
    ("a:\n  b:1\n\n  c: 2\n", "a colon without a space behind it ends no key: write `b: 1`", "b:1"),
    ("- b:x:1\n  c: 2\n", "a colon without a space behind it ends no key: write `b: x:1`", "b:x:1"),
    ("a: 1\nb:x \nc: 2\n", "a colon without a space behind it ends no key: write `b: x`", "b:x"),
    ("a:\n-b.yaml\n", "a dash without a space behind it begins no entry of a list: write `- b.yaml`", "-b.yaml"),
    (
        "a: 1\n--b\n",
        "expected `: ` and a value behind `--b`: add them, or indent the line deeper if it goes on with the text above",
        "--b",
    ),
    (
        "a:\n<<<<<<< HEAD\n  b: 1\n=======\n  b: 2\n>>>>>>> main\n",
        "git has left both sides of a conflict here: keep what is to stay of both sides, and take the lines with `<<<<<<<`, `=======` \
         and `>>>>>>>` out",
        "<<<<<<< HEAD",
    ),
    (
        "%YAML 1.1\n",
        "no document follows the directives in the same part of the file: take the directives out: kustomize divides a file at `---`, \
         and they mean nothing to it",
        "",
    ),
    ("a:\n  b: 1\n\tc: 2\n", "a tab cannot indent: use spaces", "\t"),
    ("a: [1\n", "`[` is never closed: add `]` after its last item", "["),
];

#[test]
fn what_kustomize_does_not_read_is_refused_with_its_place() {
    for (text, message, place) in REFUSED {
        assert_eq!(refusal(text), ((*message).to_owned(), (*place).to_owned()), "{text:?}");
    }
}

#[test]
fn a_version_behind_a_document_is_not_looked_at() {
    let text = "a: 1\n...\n%YAML 1.2\n";
    let mut parts = PartReader::new(text, &Limits::default()).unwrap();
    let document = parts.read(0..text.len()).unwrap().unwrap();
    assert_eq!(document.root.get("a").and_then(Node::as_i64), Some(1));
    assert!(parts.read(5..text.len()).is_err());
}

#[test]
fn hostile_texts_are_refused_in_no_time() {
    let level = |level: usize, width: usize| {
        let below = if level == 0 { "x".to_owned() } else { format!("*a{}", level - 1) };
        format!("a{level}: &a{level} [{}]\n", vec![below; width].join(", "))
    };
    let bomb: String = (0..9).map(|index| level(index, 9)).collect();
    assert!(refusal(&bomb).0.starts_with("anchors and aliases make this text too large"));
    let big = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), vec!["*a"; 5000].join(", "));
    assert!(refusal(&big).0.starts_with("anchors and aliases make this text too large"));
    let chain: String = (0..300).map(|index| level(index, 1)).collect();
    let error = read(&chain, &Limits { copies: 1 << 30, ..Limits::default() }).unwrap_err();
    assert_eq!(error.message, "lists and maps nest deeper than 250 levels");
    for text in ["- ".repeat(20_000), "{a: ".repeat(20_000), "&a [".repeat(20_000)] {
        assert!(read(&text, &Limits::default()).is_err());
    }
    assert!(read(&("&a [".repeat(240) + &"]".repeat(240)), &Limits::default()).is_ok());
    assert_eq!(refusal(&"[".repeat(20_000)).0, "lists and maps nest deeper than 250 levels");
    let nested = |levels| "[".repeat(levels) + &"]".repeat(levels);
    assert_eq!(read(&nested(250), &Limits::default()).unwrap().len(), 1);
    assert_eq!(refusal(&nested(251)).0, "lists and maps nest deeper than 250 levels");
}

#[test]
fn keys_that_stand_twice_are_reported_and_kept() {
    let text = "a: 1\nb: {c: 1, c: 2}\n\"a\": 3\n";
    let documents = read(text, &Limits::default()).unwrap();
    let found: Vec<(&str, &str, &str)> = documents[0]
        .duplicate_keys
        .iter()
        .map(|double| (double.key.as_str(), double.first.of(text), double.second.of(text)))
        .collect();
    assert_eq!(found, [("c", "c", "c"), ("a", "a", "\"a\"")]);
    let mut root = documents[0].root.clone();
    assert_eq!(root.get("a"), Some(&Node::int(1)));
    root.keep_last_of_equal_keys();
    let c = Node::mapping([("c", Node::int(2))]);
    assert_eq!(root, Node::mapping([("b", c), ("a", Node::int(3))]));
    let many = (0..40).map(|index| format!("k{}: 1", index % 39)).collect::<Vec<_>>().join("\n");
    assert_eq!(read(&many, &Limits::default()).unwrap()[0].duplicate_keys.len(), 1);
}

#[test]
fn nodes_know_their_place() {
    let text =
        "\u{feff}a:\r\n  - {b: é, c: 'd'}\r\n  - e:\r\n      f: &x |\r\n        g\r\n    h: *x\r\n\r\n---\r\ni: j\r\n";
    let documents = read(text, &Limits::default()).unwrap();
    let mut places = Vec::new();
    let mut todo: Vec<&Node> = documents.iter().rev().map(|document| &document.root).collect();
    while let Some(node) = todo.pop() {
        places.push(node.span.of(text));
        match &node.value {
            Value::Sequence(nodes) => todo.extend(nodes.iter().rev()),
            Value::Mapping(mapping) => todo.extend(mapping.entries.iter().rev().map(|entry| &entry.value)),
            Value::Scalar(_) => {}
        }
    }
    let list = "- {b: é, c: 'd'}\r\n  - e:\r\n      f: &x |\r\n        g\r\n    h: *x";
    let block = places[7];
    assert_eq!(block, "g");
    assert_eq!(places[1], list);
    assert_eq!(
        &places[2..6],
        [
            "{b: é, c: 'd'}",
            "é",
            "'d'",
            list.split_once("- e").map(|(_, rest)| &list[list.len() - rest.len() - 1..]).unwrap()
        ]
    );
    assert_eq!(places[8..], ["*x", "i: j", "j"]);
    assert!(documents[1].span.of(text).contains("i: j"));
    assert_eq!(documents[0].root.as_mapping().unwrap().entries[0].key.span, Span::new(3, 4));
}

#[test]
fn empty_texts_have_no_documents_and_empty_documents_are_null() {
    let count = |text| read(text, &Limits::default()).unwrap().len();
    assert_eq!([count(""), count("# only\n"), count("---\n---\na\n"), count("a\n...\n")], [0, 0, 2, 1]);
}

#[test]
fn what_is_read_twice_is_paid_for_once() {
    let text = format!(
        "a: &a {}\nl: [{}]\nm: &m {{x: 1}}\nn: {{<<: *m}}\no: {{<<: *m}}\n",
        "x".repeat(1000),
        "*a, ".repeat(40)
    );
    let whole = |copies| {
        let limits = Limits { copies, ..Limits::default() };
        PartReader::new(&text, &limits).and_then(|mut parts| parts.read(0..text.len()))
    };
    let enough =
        (0..).step_by(256).find(|copies| read(&text, &Limits { copies: *copies, ..Limits::default() }).is_ok());
    assert!(enough.is_some_and(|enough| enough > 1 << 14 && whole(enough).is_ok()), "{enough:?}");
}
