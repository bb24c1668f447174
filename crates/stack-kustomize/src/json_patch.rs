//! JSON 6902 patches, as the library applies them that kustomize uses.
//!
//! It is laxer than the standard: `replace` of a key that is not there adds it, negative indexes count from the end, and a path
//! need not begin with `/`.

use std::fmt;

use stack_krm::yaml::{Node, Style, Text, Value};
use stack_source::{Span, listed};

use self::covered::covered;
use self::json::{as_yaml_1_1, null_key, numbers_to_json, same, through_json};
use self::near::{OPERATIONS, near_path};
use self::places::Places;
use self::pointer::{index, levels};
use self::slip::{Unread, unread};
use crate::budget::{Budget, NODE, weight};
use crate::depth;

pub(crate) use self::covered::Covered;
pub(crate) use self::json::Lost;
pub(crate) use self::slip::Slip;

mod covered;
mod json;
mod near;
mod places;
mod pointer;
mod slip;

/// What the `copy` operations of a patch may copy where it is applied by itself.
const COPIES: usize = 16 << 20;

/// For so many fields that are not there it is looked which are meant: nobody reads that of hundreds.
const ASKED: usize = 100;

/// A list of operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPatch {
    operations: Vec<Operation>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Operation {
    op: Text,
    path: Option<Text>,
    from: Option<Text>,
    value: Option<Node>,
    /// The keys that kustomize does not read.
    unread: Vec<Unread>,
    span: Span,
    /// Where what it does to an object is said: at its path, else as a whole.
    place: Span,
}

/// What a patch did that its author may not expect.
pub(crate) struct Done {
    /// A number of the object that lost precision.
    pub(crate) lost: Option<Lost>,
    /// The same of the patch.
    pub(crate) lost_of_patch: Option<Lost>,
    /// The fields that a `replace` has added.
    pub(crate) added: Vec<Added>,
    /// The lists and maps that an `add` has covered.
    pub(crate) covered: Vec<Covered>,
}

/// A field that a `replace` has added.
pub(crate) struct Added {
    pub(crate) path: Text,
    /// The path that is there and may be meant.
    pub(crate) near: Option<String>,
    /// The path of the operation.
    pub(crate) span: Span,
}

/// The text is no JSON 6902 patch, or it does not fit the object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPatchError {
    /// What is wrong: a lower-case phrase.
    pub message: String,
    /// The edit that mends it, where one is known.
    pub help: Option<String>,
    /// The path of the operation, or all of it.
    pub span: Span,
}

impl fmt::Display for JsonPatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for JsonPatchError {}

impl JsonPatch {
    /// The patch that a list of maps describes.
    pub fn new(node: &Node) -> Result<Self, JsonPatchError> {
        let error = |node: &Node| JsonPatchError {
            message: format!("a JSON 6902 patch is a list of operations, and this is {}", node.kind()),
            help: None,
            span: node.span,
        };
        if let Some(key) = null_key(node) {
            let message = "a key is null, and JSON has no such key".to_owned();
            return Err(JsonPatchError { message, help: Some("put it in quotes".to_owned()), span: key.span });
        }
        let mut node = node.clone();
        node.keep_last_of_equal_keys();
        let list = node.as_sequence().ok_or_else(|| error(&node))?;
        let operation = |node: &Node| {
            let map = node.as_mapping().ok_or_else(|| error(node))?;
            let text = |key| map.get(key).and_then(Node::as_str).map(Text::from);
            let value = map.get("value").map(|value| {
                let mut value = value.clone();
                as_yaml_1_1(&mut value);
                let is_json = map.flow && map.entries.iter().all(|entry| entry.key.scalar.style == Style::Double);
                if !is_json {
                    numbers_to_json(&mut value);
                }
                value
            });
            let op = text("op").unwrap_or_default();
            let path = map.get("path").filter(|_| matches!(op.as_str(), "add" | "remove" | "replace"));
            Ok(Operation {
                place: path.map_or(node.span, |path| path.span),
                op,
                path: text("path"),
                from: text("from"),
                value,
                unread: unread(map),
                span: node.span,
            })
        };
        Ok(Self { operations: list.iter().map(operation).collect::<Result<_, _>>()? })
    }

    /// Whether it has no operations.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// What an author would want to hear of the operations, whatever they are applied to.
    pub(crate) fn slips(&self) -> impl Iterator<Item = Slip> {
        self.operations.iter().flat_map(Operation::slips)
    }

    /// What the values take that it puts into an object.
    pub(crate) fn weight(&self) -> usize {
        self.operations.iter().filter_map(|operation| operation.value.as_ref()).map(weight).sum()
    }

    /// Whether an operation puts something else in the place of what a path names, or takes it away.
    pub(crate) fn replaces(&self, paths: &[&str]) -> bool {
        let is_one = |path: &Option<Text>| path.as_ref().is_some_and(|path| paths.contains(&path.as_str()));
        self.operations.iter().any(|operation| match operation.op.as_str() {
            "test" => false,
            "move" => is_one(&operation.path) || is_one(&operation.from),
            _ => is_one(&operation.path),
        })
    }

    /// Applies the operations in order; an error leaves the object half changed. Tells whether numbers lost precision.
    ///
    /// All `copy` operations together may copy 16 MiB, texts and 32 bytes for each node, and the object may nest as deep as
    /// [`Limits`](stack_krm::yaml::Limits) let it by default: beyond that the patch is refused.
    pub fn apply(&self, object: &mut Node) -> Result<bool, JsonPatchError> {
        self.apply_and_note(object, &mut Budget::new(COPIES))
            .map(|done| done.lost.is_some() || done.lost_of_patch.is_some())
    }

    /// The same out of a budget, with what else happened silently.
    pub(crate) fn apply_and_note(&self, object: &mut Node, budget: &mut Budget) -> Result<Done, JsonPatchError> {
        object.settle();
        let lost = through_json(object);
        let (mut added, mut covers, mut places) = (Vec::new(), Vec::new(), Places::default());
        for operation in &self.operations {
            covers.extend(covered(operation, object, &mut places));
            let replaced = operation.path.as_ref().filter(|path| operation.replaces_nothing(object, path, &mut places));
            if let Some(path) = replaced {
                let mut near = None;
                if added.len() < ASKED {
                    places.settle(object);
                    near = near_path(object, path);
                }
                added.push(Added { path: path.clone(), near, span: operation.place });
            }
            operation.apply(object, &mut places, budget).map_err(|message| {
                places.settle(object);
                let help = operation.help(object);
                JsonPatchError { message, help, span: operation.place }
            })?;
        }
        places.settle(object);
        Ok(Done { lost, lost_of_patch: through_json(object), added, covered: covers })
    }
}

impl Operation {
    fn apply(&self, object: &mut Node, places: &mut Places, budget: &mut Budget) -> Result<(), String> {
        match self.op.as_str() {
            "add" => self.add(object, self.path()?, self.value(), places),
            "remove" => self.take(object, self.path()?, places).map(drop),
            "replace" => self.replace(object, places),
            "move" => {
                let value = self.take(object, self.from()?, places)?;
                self.add(object, self.path()?, value, places)
            }
            "copy" => {
                let (container, known, key) = self.find(object, self.from()?, places)?;
                let value = known.value(container, &key)?;
                budget.spend(value.map_or(NODE, weight))?;
                let value = value.cloned().unwrap_or_default();
                self.add(object, self.path()?, value, places)
            }
            "test" => self.test(object, places),
            "" => Err("the operation has no `op`".to_owned()),
            other => Err(format!("`{other}` is no operation: it may be {}", listed(&OPERATIONS))),
        }
    }

    fn path(&self) -> Result<&Text, String> {
        self.path.as_ref().ok_or_else(|| format!("the operation `{}` has no `path`", self.op))
    }

    fn from(&self) -> Result<&Text, String> {
        self.from.as_ref().ok_or_else(|| format!("the operation `{}` has no `from`", self.op))
    }

    fn value(&self) -> Node {
        self.value.clone().unwrap_or_default()
    }

    fn missing(&self, path: &str) -> String {
        format!("the operation `{}` does not apply: the object has no `{path}`", self.op)
    }

    /// The list or map that holds what a path names, what is known of it, and the last part of the path.
    fn find<'n, 'k>(
        &self,
        object: &'n mut Node,
        path: &str,
        places: &'k mut Places,
    ) -> Result<(&'n mut Node, &'k mut Places, String), String> {
        places.find(object, path).ok_or_else(|| self.missing(path))
    }

    fn take(&self, object: &mut Node, path: &str, places: &mut Places) -> Result<Node, String> {
        let (container, known, key) = self.find(object, path, places)?;
        known.remove(container, &key).ok_or_else(|| self.missing(path))
    }

    fn add(&self, object: &mut Node, path: &str, value: Node, places: &mut Places) -> Result<(), String> {
        depth::check(levels(path), &value)?;
        let (container, known, key) = self.find(object, path, places)?;
        match &mut container.value {
            Value::Mapping(map) => known.put(map, &key, value),
            Value::Sequence(list) if key == "-" => list.push(value),
            Value::Sequence(list) => {
                let place = index(&key, list.len() + 1).ok_or_else(|| self.no_index(&key, list.len()))?;
                known.make_room(place);
                list.insert(place, value);
            }
            Value::Scalar(_) => return Err(self.missing(path)),
        }
        Ok(())
    }

    fn replace(&self, object: &mut Node, places: &mut Places) -> Result<(), String> {
        let path = self.path()?;
        let value = self.value();
        depth::check(levels(path), &value)?;
        if path.is_empty() {
            *places = Places::default();
            let flow = object.is_flow();
            object.value = value.value;
            object.set_flow(flow);
            return Ok(());
        }
        let (container, known, key) = self.find(object, path, places)?;
        match &mut container.value {
            Value::Mapping(map) => known.put(map, &key, value),
            Value::Sequence(list) => {
                let place = index(&key, list.len()).ok_or_else(|| self.no_index(&key, list.len()))?;
                known.forget(place);
                list[place] = value;
            }
            Value::Scalar(_) => return Err(self.missing(path)),
        }
        Ok(())
    }

    /// Whether it replaces a field that is not there.
    fn replaces_nothing(&self, object: &mut Node, path: &str, places: &mut Places) -> bool {
        let found = if self.op == "replace" { places.find(object, path) } else { None };
        found.is_some_and(|(container, known, key)| {
            container.as_mapping().is_some_and(|map| known.of(map, &key).is_none())
        })
    }

    fn test(&self, object: &mut Node, places: &mut Places) -> Result<(), String> {
        let path = self.path()?;
        let is = if path.is_empty() {
            places.settle(object);
            Some(&*object)
        } else {
            let (container, known, key) = self.find(object, path, places)?;
            known.value(container, &key)?
        };
        // Where it has none, kustomize finds a difference, or ends in a panic.
        let value = self.value.as_ref().ok_or("the operation `test` has no `value`")?;
        let is_same = is.map_or_else(|| same(&Node::default(), value), |is| same(is, value));
        if is_same { Ok(()) } else { Err(format!("the test of `{path}` fails: it is another value")) }
    }

    fn no_index(&self, key: &str, len: usize) -> String {
        format!("the operation `{}` does not apply: there is no index `{key}` in a list of {len}", self.op)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use stack_krm::yaml::{Limits, Node, read};

    use super::JsonPatch;

    fn one(text: &str) -> Node {
        read(text, &Limits::default()).unwrap().remove(0).root
    }

    fn copies(count: usize) -> JsonPatch {
        let mut text = String::new();
        for n in 0..count {
            writeln!(text, "- {{op: copy, from: /data, path: /data/k{n}}}").unwrap();
        }
        JsonPatch::new(&one(&text)).unwrap()
    }

    #[test]
    fn copies_that_double_an_object_end_in_an_error() {
        assert_eq!(copies(10).apply(&mut one("{data: {a: b}}")), Ok(false));
        let error = copies(60).apply(&mut one("{data: {a: b}}")).unwrap_err();
        assert_eq!(
            error.message,
            "copies of values would take too much memory: copy no value into itself, and long ones seldom"
        );
    }

    #[test]
    fn what_would_nest_too_deep_ends_in_an_error() {
        let mut patches: [String; 4] = std::array::from_fn(|_| String::new());
        let [copies, moves, adds, replaces] = &mut patches;
        for n in 0..400 {
            let path = "/a".repeat(n + 1);
            writeln!(copies, "- {{op: copy, from: /a, path: {}}}", "/a".repeat((1 << n.min(7)) + 1)).unwrap();
            writeln!(moves, "- {{op: add, path: /b, value: {{}}}}\n- {{op: move, from: /a, path: /b/a}}").unwrap();
            writeln!(moves, "- {{op: move, from: /b, path: /a}}").unwrap();
            writeln!(adds, "- {{op: add, path: {path}, value: {{a: {{}}}}}}").unwrap();
            writeln!(replaces, "- {{op: replace, path: {path}, value: {{a: {{}}}}}}").unwrap();
        }
        for text in patches {
            let mut object = one("{a: {a: {}}}");
            let error = JsonPatch::new(&one(&text)).unwrap().apply(&mut object).unwrap_err();
            assert_eq!(error.message, "lists and maps would nest deeper than 250 levels", "{text}");
            assert!(object.height() <= Limits::default().depth);
        }
    }

    #[test]
    fn a_test_without_a_value_fails_always() {
        for text in ["[{op: test, path: /a}]", "[{op: test, path: /b}]", "[{op: test, path: /c}]"] {
            let error = JsonPatch::new(&one(text)).unwrap().apply(&mut one("{a: 1, b: null}")).unwrap_err();
            assert_eq!(error.message, "the operation `test` has no `value`", "{text}");
        }
        let patch = JsonPatch::new(&one("[{op: test, path: /b, value: null}]")).unwrap();
        assert_eq!(patch.apply(&mut one("{b: null}")), Ok(false));
    }

    #[test]
    fn what_does_not_apply_leads_to_what_may_be_meant() {
        let object = "{spec: {replicas: 1, 'a/b': {c: 1}, containers: [{name: db}, {name: web, image: x}]}}";
        for (operation, help) in [
            ("{op: replce, path: /spec}", Some("did you mean `replace`?")),
            ("{op: frobnicate, path: /spec}", None),
            ("{Op: add, path: /spec}", Some("write `op` for `Op`")),
            ("{op: add, pth: /spec}", Some("write `path` for `pth`")),
            ("{op: copy, form: /spec, path: /a}", Some("write `from` for `form`")),
            ("{op: test, path: /spec/replicas, valeu: 1}", Some("write `value` for `valeu`")),
            ("{op: remove, path: /spec/replica}", Some("did you mean `/spec/replicas`?")),
            ("{op: add, path: /spce/other, value: 1}", Some("did you mean `/spec/other`?")),
            ("{op: remove, path: /spec/a~1/c}", Some("did you mean `/spec/a~1b/c`?")),
            ("{op: remove, path: spec.replicas}", Some("did you mean `/spec/replicas`?")),
            ("{op: remove, path: spec/replicas}", Some("did you mean `/spec/replicas`?")),
            ("{op: remove, path: /spec/containers/web/image}", Some("did you mean `/spec/containers/1/image`?")),
            ("{op: move, from: /spec/replica, path: /a}", Some("did you mean `/spec/replicas`?")),
            ("{op: remove, path: /spec/strategy}", None),
            ("{op: remove, path: /spec/containers/7}", None),
        ] {
            let patch = JsonPatch::new(&Node::sequence([one(operation)])).unwrap();
            let error = patch.apply(&mut one(object)).unwrap_err();
            assert_eq!(error.help.as_deref(), help, "{operation}: {error}");
        }
    }

    #[test]
    fn the_length_of_copied_texts_counts() {
        let object = format!("{{data: {{a: {}}}}}", "x".repeat(5 << 20));
        assert_eq!(copies(1).apply(&mut one(&object)), Ok(false));
        assert!(copies(3).apply(&mut one(&object)).is_err());
    }
}
