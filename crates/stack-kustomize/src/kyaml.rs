//! Values and texts as kyaml sets them: what stays of how the old one was written, and what YAML 1.1 would read.

use foldhash::fast::RandomState;
use stack_krm::yaml::{Entry, Key, Limits, Mapping, Node, Scalar, Style, Tag, Text, Value, read};
use stack_source::Span;

use crate::id_map::{FEW, IdMap};
use crate::shared::{BARE, is_shared};

/// A text as kyaml sets one: in quotes where YAML 1.1 would read something else.
pub(crate) fn string(text: &Text) -> Node {
    let mut scalar = Scalar::string(text.clone());
    if is_else_in_yaml_1_1(text) {
        scalar.style = Style::Double;
    }
    Value::Scalar(scalar).into()
}

/// A text of a map of texts, as go-yaml makes a node of one: lines stand in a block, which stays where something else is put there.
pub(crate) fn block_text(text: &Text) -> Node {
    let mut node = string(text);
    if let Value::Scalar(scalar) = &mut node.value
        && text.contains('\n')
    {
        scalar.style = Style::Literal;
    }
    node
}

/// Whether YAML 1.1 reads something else than a text.
pub(crate) fn is_else_in_yaml_1_1(text: &str) -> bool {
    if text.is_empty() || text.contains('\n') {
        return false;
    }
    // Nearly all texts are seen to be such at a glance.
    let is_word =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'/' | b'_'));
    let is_sentence = |text: &str| {
        !text.contains(": ") && !text.contains(" #") && !text.ends_with(':') && !text.contains(char::is_control)
    };
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
        && (is_word(text) || is_sentence(text));
    // The longest word that is no text is `false`.
    if is_plain && text.len() > 5 {
        return false;
    }
    if is_plain {
        return Scalar::plain(text).tag_in_yaml_1_1() != Tag::Str;
    }
    // Our reader knows tags that go-yaml v2 takes for a text.
    if text.starts_with('!') && !["!!int ", "!!float ", "!!bool ", "!!null"].iter().any(|tag| text.starts_with(tag)) {
        return false;
    }
    match read(text, &Limits::default()) {
        Err(_) => false,
        Ok(documents) => match documents.first().map(|document| &document.root.value) {
            Some(Value::Scalar(scalar)) => scalar.tag_in_yaml_1_1() != Tag::Str,
            Some(Value::Mapping(_) | Value::Sequence(_)) | None => true,
        },
    }
}

pub(crate) static NO_TEXT: Text = Text::EMPTY;

/// The text of a scalar; nothing for lists and maps, which have none.
pub(crate) fn text_of(node: &Node) -> &Text {
    node.as_scalar().map_or(&NO_TEXT, |scalar| &scalar.text)
}

/// Puts a value under a key as kyaml does: a new scalar takes over how the old one was written, and a key that it makes is
/// written without quotes, so that `1` becomes a number.
pub(crate) fn put(mapping: &mut Mapping, key: &Text, value: Node) {
    match mapping.get_mut(key) {
        Some(old) => replace(old, value),
        None => mapping.entries.push(Entry { key: plain_key(key), value }),
    }
}

/// A map of texts, in their order.
pub(crate) fn texts<'t>(texts: impl IntoIterator<Item = (&'t Text, &'t Text)>) -> Mapping {
    let texts: Vec<(&Text, &Text)> = texts.into_iter().collect();
    let mut map = Mapping::with_capacity(texts.len());
    if texts.len() <= FEW {
        for (key, value) in texts {
            put(&mut map, key, block_text(value));
        }
        return map;
    }
    let mut places: IdMap<&Text, usize> = IdMap::with_capacity_and_hasher(texts.len(), RandomState::default());
    for (key, value) in texts {
        let place = *places.entry(key).or_insert(map.len());
        match map.entries.get_mut(place) {
            Some(old) => replace(&mut old.value, block_text(value)),
            None => map.entries.push(Entry { key: plain_key(key), value: block_text(value) }),
        }
    }
    map
}

/// A key as kyaml makes one.
pub(crate) fn plain_key(key: &Text) -> Key {
    Key { scalar: Scalar::plain(key.clone()), span: Span::default() }
}

/// Puts a value in place of another as kyaml does: the style stays. So a number in the place of a quoted text becomes a text when it
/// is written.
pub(crate) fn replace(old: &mut Node, mut value: Node) {
    if let (Value::Scalar(was), Value::Scalar(is)) = (&old.value, &mut value.value) {
        is.style = was.style;
    }
    let flow = old.is_flow();
    old.value = value.value;
    old.set_flow(flow);
    if value.span == BARE && !is_shared(old.span) {
        old.span = BARE;
    } else if old.span == BARE {
        old.span = Span::default();
    }
}

/// A scalar without a type.
pub(crate) fn bare(text: impl Into<Text>) -> Node {
    Node { span: BARE, ..Value::Scalar(Scalar::plain(text)).into() }
}

/// A value as it becomes that of a field which kyaml adds or writes anew: a text stands in quotes where YAML 1.1 would take it for
/// something else, and what has no type yet is a text.
pub(crate) fn in_quotes(mut value: Node) -> Node {
    if let Value::Scalar(scalar) = &mut value.value
        && (scalar.tag == Tag::Str || value.span == BARE)
        && scalar.style == Style::Plain
        && is_else_in_yaml_1_1(&scalar.text)
    {
        scalar.tag = Tag::Str;
        scalar.style = Style::Double;
    }
    value
}

/// Sets the text of a scalar as kyaml does where it gives no type: what it is follows from the text and the quotes.
pub(crate) fn set_text(old: &mut Node, text: impl Into<Text>) {
    let style = old.as_scalar().map_or(Style::Plain, |scalar| scalar.style);
    let mut scalar = Scalar::plain(text);
    if style != Style::Plain {
        scalar.tag = Tag::Str;
        scalar.style = style;
    }
    old.value = Value::Scalar(scalar);
    if !is_shared(old.span) {
        old.span = BARE;
    }
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::{Mapping, Text};

    use super::{block_text, is_else_in_yaml_1_1, put, texts};

    #[test]
    fn many_texts_become_a_map_as_few_do() {
        for count in [3, 40] {
            let pairs: Vec<[Text; 2]> =
                (0..count).map(|n| [format!("k{}", n % 30), format!("{n}")].map(Text::from)).collect();
            let mut expected = Mapping::new();
            for [key, value] in &pairs {
                put(&mut expected, key, block_text(value));
            }
            assert_eq!(texts(pairs.iter().map(|[key, value]| (key, value))), expected);
        }
    }

    /// What kyaml's `IsValueNonString` says yes to.
    const ELSE: &[&str] = &[
        "x: ",
        "a: b",
        "? x",
        "- x",
        "{a}",
        "[a]",
        "{a: b}",
        "# c",
        "&a",
        "!!int 5",
        "---",
        "-",
        "~",
        "?",
        "x:",
        "a:",
        "0b11",
        "0o7",
        "08",
        "1_0",
        "+1",
        "1.",
        "-.5",
        ".5",
        "1e3",
        ".nan",
        ".inf",
        "-.INF",
        "null",
        "Null",
        "yes",
        "Y",
        "n",
        "on",
        "TRUE",
        "\u{e9}: x",
        "\u{2028}",
        "- ",
        "!!float 3",
        "a: |",
    ];

    /// What it says no to.
    const TEXTS: &[&str] = &[
        ": x",
        "[b",
        "%x",
        "@x",
        "`x`",
        "a # c",
        " lead",
        "trail ",
        "*a",
        "&a b",
        "!x",
        "!!str 5",
        "! x",
        "|",
        ">",
        "'a'",
        "'a",
        "\"a\"",
        "\"a",
        "--- a",
        "...",
        "a\tb",
        "tab\there",
        "--",
        "=",
        "<<",
        ":",
        "?x",
        ":x",
        "1:2",
        "190:20:30",
        ".",
        "nan",
        "2020-01-02",
        "2001-12-14t21:59:43.10-05:00",
        "12:30:45",
        "\u{65e5}\u{672c}",
        "\u{1f600}",
        "a\u{2028}b",
        "a\u{85}b",
        "a\u{a0}b",
        "a,b",
        "a]",
        "a}",
        "key=value",
        "$(FOO)",
        "-\ta",
        "%YAML 1.1",
        "a: b: c",
        "\ta",
        "x\r",
        "a\rb",
        "0x",
        "1e",
        "0xG",
        "%",
        "@",
        "!",
        "&",
        "*",
        "!!binary aGk=",
        "!!timestamp x",
        "!<x> y",
        "a #b",
        "\u{feff}a",
        "\u{7f}",
        "\u{1}",
    ];

    #[test]
    fn texts_that_yaml_1_1_takes_for_something_else() {
        let found = |texts: &[&'static str], wanted| -> Vec<&str> {
            texts.iter().copied().filter(|text| is_else_in_yaml_1_1(text) != wanted).collect()
        };
        assert_eq!((found(ELSE, true), found(TEXTS, false)), (vec![], vec![]));
    }
}
