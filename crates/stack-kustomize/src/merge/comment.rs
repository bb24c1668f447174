//! Schemas in comments: `containers: # {"type": "array", …}` says how that field is merged, whatever the type of its object.

use std::collections::BTreeMap;
use std::sync::Arc;

use stack_krm::yaml::{Entry, Limits, Mapping, Node, Text, read};

use super::schema::{Schema, Shape};
use crate::id_map::IdMap;

/// The fields of an object that have a schema in a comment, and no other place of the object. What lies inside of lists is left out.
#[derive(Debug, Default)]
pub(crate) struct Comments {
    schema: Option<Arc<Schema>>,
    fields: IdMap<Text, Self>,
}

impl Comments {
    pub(super) fn shape(&self, path: &[Text]) -> Option<Shape<'_>> {
        let field = path.iter().try_fold(self, |field, key| field.fields.get(key))?;
        field.schema.as_ref()?.of_object("", FIELD).map(|object| object.field(FIELD))
    }

    fn is_empty(&self) -> bool {
        self.schema.is_none() && self.fields.is_empty()
    }

    /// Adds what a field has. Of equal keys the first one counts.
    fn add(&mut self, key: &Text, field: Self) {
        if field.is_empty() {
            return;
        }
        let known = self.fields.entry(key.clone()).or_default();
        known.schema = known.schema.take().or(field.schema);
        for (key, field) in field.fields {
            known.add(&key, field);
        }
    }
}

/// A text with comments in which schemas may stand. Nothing in it is looked at twice: thousands of keys may stand in one line, and as
/// many aliases in one place.
pub(crate) struct Commented<'t> {
    text: &'t str,
    /// Where its lines begin.
    lines: Vec<usize>,
    /// Where the comment begins that follows a place in a line.
    behind: BTreeMap<usize, Option<usize>>,
    /// Where the comment begins that has the line above for itself, by the number of the line below.
    above: BTreeMap<usize, Option<usize>>,
    /// The schemas, by where their comments begin.
    schemas: BTreeMap<usize, Option<Arc<Schema>>>,
}

impl<'t> Commented<'t> {
    /// Nothing where there can be no schemas, as in nearly all texts.
    pub(crate) fn new(text: &'t str) -> Option<Self> {
        if !may_have_schemas(text) {
            return None;
        }
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Some(Self { text, lines, behind: BTreeMap::new(), above: BTreeMap::new(), schemas: BTreeMap::new() })
    }

    /// The schemas in a document of the text.
    pub(crate) fn comments(&mut self, root: &Node) -> Option<Arc<Comments>> {
        let comments = self.look(root);
        (!comments.is_empty()).then(|| Arc::new(comments))
    }

    fn look(&mut self, node: &Node) -> Comments {
        let mut comments = Comments::default();
        for (index, Entry { key, value }) in node.as_mapping().map_or(&[][..], |map| &map.entries).iter().enumerate() {
            if value.as_scalar().is_some() {
                continue;
            }
            let end = if value.is_flow() { value.span.end } else { key.span.end };
            let above = || (index > 0).then_some(key.span.start as usize);
            let comment = self.behind(end as usize).or_else(|| self.above(above()?));
            let schema = comment.and_then(|comment| self.schema(comment));
            comments.add(&key.scalar.text, Comments { schema, ..self.look(value) });
        }
        comments
    }

    fn behind(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        *self.behind.entry(at).or_insert_with(|| {
            // Behind a key stands its colon first.
            let comment = text.get(at..)?.trim_start_matches(['"', '\'', ':', ' ', '\t']);
            comment.starts_with('#').then_some(text.len() - comment.len())
        })
    }

    fn above(&mut self, at: usize) -> Option<usize> {
        let (text, lines) = (self.text, &self.lines);
        let line = lines.partition_point(|start| *start <= at).checked_sub(1)?;
        *self.above.entry(line).or_insert_with(|| {
            let comment = |line: usize| {
                let comment = text.get(lines[line]..lines[line + 1])?.trim_start();
                comment.starts_with('#').then_some(lines[line + 1] - comment.len())
            };
            let found = comment(line.checked_sub(1)?)?;
            // Several lines are one comment, and no JSON.
            line.checked_sub(2).and_then(comment).is_none().then_some(found)
        })
    }

    fn schema(&mut self, comment: usize) -> Option<Arc<Schema>> {
        let text = self.text;
        let schema = || schema(text.get(comment..)?.lines().next()?).map(Arc::new);
        self.schemas.entry(comment).or_insert_with(schema).clone()
    }
}

/// Whether a brace follows the sign of a comment somewhere.
fn may_have_schemas(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('#') {
        rest = rest[at..].trim_start_matches(['#', ' ', '\t']);
        if rest.starts_with('{') {
            return true;
        }
    }
    false
}

/// The name of a comment's field, and of the type that has nothing else.
const FIELD: &str = "field";

/// The schema that a comment is, where it is one. Types of Kubernetes are known in it.
fn schema(comment: &str) -> Option<Schema> {
    let json = comment.trim_start_matches('#').trim();
    if !json.starts_with('{') || serde_json::from_str::<serde::de::IgnoredAny>(json).is_err() {
        return None;
    }
    let field = read(json, &Limits::default()).ok()?.into_iter().next()?.root;
    if field.as_mapping().is_none_or(Mapping::is_empty) {
        return None;
    }
    let object = Node::mapping([("properties", Node::mapping([(FIELD, field)]))]);
    Some(Schema::of_field(&Text::from(FIELD), &object))
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::{Limits, read};

    use super::{Commented, Comments, may_have_schemas};

    fn paths(comments: &Comments, path: &str) -> String {
        let own = if comments.schema.is_some() { format!("{path} ") } else { String::new() };
        own + &comments.fields.iter().map(|(key, field)| paths(field, &format!("{path}/{key}"))).collect::<String>()
    }

    #[test]
    fn comments_are_found_beside_their_fields() {
        let texts = [
            ("a: # {\"type\": \"array\"}\n- b\n", "/a "),
            ("a: [] # {\"type\": \"array\"}\nb: []\n", "/a "),
            ("# {\"type\": \"array\"}\na: []\nb: []\n", ""),
            ("a: 1\n # {\"type\": \"array\"}\nb: []\nc: []\n", "/b "),
            ("a: 1\n# {}\n# {\"type\": \"array\"}\nb: []\n", ""),
            ("a: 1\n# {\"type\": \"array\"}\nb: [] # no\n", ""),
            ("a: 1\n# {\"type\": \"array\"}\nb: {c: [], d: []}\n", "/b /b/d "),
            ("a: 1\nx: &x\n  b: # {\"type\": \"array\"}\n  - c\ny: *x\nz: *x\n", "/x/b /y/b /z/b "),
            ("a:\n  b: ##\t{\"type\": \"array\"}\r\n  - c\n", "/a/b "),
            ("a: # a {\"type\": \"array\"}\n- b\n", ""),
        ];
        for (text, expected) in texts {
            let root = read(text, &Limits::default()).unwrap().remove(0).root;
            let comments = Commented::new(text).and_then(|mut commented| commented.comments(&root));
            assert_eq!(comments.map(|comments| paths(&comments, "")).unwrap_or_default(), expected, "{text}");
        }
    }

    #[test]
    fn a_schema_is_read_once() {
        let text = "a: &a\n  b: # {\"type\": \"array\"}\n  - c\nd: *a\n";
        let root = read(text, &Limits::default()).unwrap().remove(0).root;
        let mut commented = Commented::new(text).unwrap();
        assert_eq!(paths(&commented.comments(&root).unwrap(), ""), "/a/b /d/b ");
        assert_eq!(commented.schemas.len(), 1);
    }

    #[test]
    fn signs_of_comments_are_passed_over_once() {
        assert!(may_have_schemas("a # ## \t# {"));
        assert!(!may_have_schemas("a # ## \t# b {"));
        assert!(!may_have_schemas(&"# ".repeat(1 << 20)));
    }
}
