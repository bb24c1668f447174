//! Schemas in comments: `containers: # {"type": "array", …}` says how that field is merged, whatever the type of its object.

use std::sync::Arc;

use stack_krm::yaml::{Entry, Limits, Mapping, Node, Text, read};

use super::schema::{Schema, Shape};

/// The fields of an object that have a schema in a comment, and no other place of the object. What lies inside of lists is left out.
#[derive(Debug)]
pub(crate) struct Comments {
    fields: Vec<(Vec<Text>, Schema)>,
}

impl Comments {
    /// Whether a text may have some; nearly none has.
    pub(crate) fn may_be_in(text: &str) -> bool {
        text.match_indices('#').any(|(at, _)| text[at..].trim_start_matches(['#', ' ', '\t']).starts_with('{'))
    }

    /// Those of a document of `text`.
    pub(crate) fn of(text: &str, root: &Node) -> Option<Arc<Self>> {
        let mut comments = Self { fields: Vec::new() };
        comments.look(text, root, &mut Vec::new());
        (!comments.fields.is_empty()).then(|| Arc::new(comments))
    }

    fn look(&mut self, text: &str, node: &Node, path: &mut Vec<Text>) {
        for (index, Entry { key, value }) in node.as_mapping().map_or(&[][..], |map| &map.entries).iter().enumerate() {
            if value.as_scalar().is_some() {
                continue;
            }
            path.push(key.scalar.text.clone());
            let behind =
                text.get(if value.flow { value.span.end } else { key.span.end } as usize..).unwrap_or_default();
            let above = text.get(..key.span.start as usize).filter(|_| index > 0).unwrap_or_default();
            if let Some(schema) = in_line(behind).map_or_else(|| in_line_above(above), Some).and_then(schema) {
                self.fields.push((path.clone(), schema));
            }
            self.look(text, value, path);
            path.pop();
        }
    }

    pub(super) fn shape(&self, path: &[Text]) -> Option<Shape<'_>> {
        let schema = self.fields.iter().find(|(of, _)| of == path).map(|(_, schema)| schema)?;
        schema.of_object("", FIELD).map(|object| object.field(FIELD))
    }
}

/// The name of a comment's field, and of the type that has nothing else.
const FIELD: &str = "field";

/// The comment on the rest of a line. Behind a key stands its colon first.
fn in_line(rest: &str) -> Option<&str> {
    let line = rest.lines().next().unwrap_or_default();
    Some(line.trim_start_matches(['"', '\'', ':', ' ', '\t'])).filter(|comment| comment.starts_with('#'))
}

/// The comment that has the line above for itself.
fn in_line_above(text: &str) -> Option<&str> {
    let mut lines = text.lines().rev().skip(usize::from(!text.ends_with('\n')));
    let is_comment = |line: &&str| line.trim_start().starts_with('#');
    let comment = lines.next().filter(is_comment)?;
    // Several lines are one comment, and no JSON.
    lines.next().is_none_or(|line| !is_comment(&line)).then(|| comment.trim_start())
}

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
