//! Strategic merge patches, as kustomize applies them.
//!
//! Kustomize does not merge as the API server does: it walks object and patch side by side, by the schema of Kubernetes 1.21.2.
//! What it does with lists is kept here to the letter, its oddities included: a patch that gives other results than with
//! `kustomize build` would be worth nothing.

use std::fmt;
use std::sync::Arc;

use stack_krm::yaml::{Node, Tag, Text, Value};
use stack_source::Span;

use self::directive::{Directive, of_map};
use self::schema::Shape;
use crate::shared::BARE;

mod added;
mod comment;
mod directive;
mod list;
mod lost;
mod map;
mod oddity;
mod open_api;
mod pieces;
mod replaced;
mod schema;
mod told_apart;
mod written;

pub(crate) use comment::{Commented, Comments};
pub(crate) use oddity::{Odd, Oddity};
pub(crate) use schema::Schema;

/// What became of the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merged {
    /// It is there, changed or not.
    Kept,
    /// The patch deleted it.
    Deleted,
}

/// The patch does not fit the object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeError {
    /// What is wrong: a lower-case phrase.
    pub message: String,
    /// Where in the patch, or in the object where the patch has no part in it.
    pub span: Span,
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for MergeError {}

/// Applies a strategic merge patch by the schema that kustomize has built in. A patch that does not fit leaves the object as it was;
/// an object that the patch deletes is null afterwards.
///
/// The lists of a kind that Kubernetes 1.21 did not know are replaced, not merged.
///
/// ```
/// use stack_krm::yaml::{Limits, Node, read};
/// use stack_kustomize::{Merged, strategic_merge};
///
/// let one = |text| read(text, &Limits::default()).unwrap().remove(0).root;
/// let mut object = one("{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: x}, {name: b}]}}");
/// let patch = one("{spec: {containers: [{name: b, image: y}]}}");
/// assert_eq!(strategic_merge(&mut object, &patch).unwrap(), Merged::Kept);
/// let containers = object.at(["spec", "containers"]).and_then(Node::as_sequence).unwrap();
/// assert_eq!(containers[0].get("image").and_then(Node::as_str), Some("y"));
/// ```
pub fn strategic_merge(target: &mut Node, patch: &Node) -> Result<Merged, MergeError> {
    let (merged, _) = merge_owned(target.clone(), patch, Schema::kubernetes(), &[])?;
    let outcome = if merged.is_some() { Merged::Kept } else { Merged::Deleted };
    *target = merged.unwrap_or_default();
    Ok(outcome)
}

/// The object with the patch, or nothing where the patch deletes it, and what happened silently: by any schema, for who needs the object
/// no more where the patch does not fit.
pub(crate) fn merge_owned(
    target: Node,
    patch: &Node,
    schema: &Schema,
    comments: &[Arc<Comments>],
) -> Result<(Option<Node>, Vec<Oddity>), MergeError> {
    let mut merger = Merger::new(schema, comments);
    if let (Some(given), Kind::Map) = (patch.as_mapping(), Kind::of(&target).unwrap_or(Kind::Scalar))
        && of_map(given)? == Some(Directive::Replace)
    {
        // Kustomize merges the patch with itself, which may fail, and goes on with the object as it was.
        merger.value(Some(target.clone()), Patch::Given(patch), Shape::Unknown)?;
        let span = given.entry("$patch").map_or(patch.span, |entry| entry.key.span);
        return Ok((Some(target), vec![Oddity { what: Odd::WholeReplaced, span }]));
    }
    let merged = merger.value(Some(target), Patch::Given(patch), Shape::Unknown)?;
    Ok((merged, merger.oddities))
}

/// What stands beside a value.
#[derive(Clone, Copy)]
enum Patch<'a> {
    /// The patch says nothing here.
    Absent,
    /// The patch says this.
    Given(&'a Node),
    /// The value itself came from the patch, which kustomize then merges with itself: directives and nulls in it take effect.
    Same,
}

struct Merger<'s> {
    schema: &'s Schema,
    /// The comments of the object and of the patch, where they have some.
    comments: &'s [Arc<Comments>],
    /// The keys that lead to the value, where there are comments.
    path: Vec<Text>,
    /// Whether the value takes the place of what the object has, all of it.
    replaces: bool,
    oddities: Vec<Oddity>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Map,
    List,
    Scalar,
}

impl Kind {
    /// The kind of a value that is there and not null.
    fn of(node: &Node) -> Option<Self> {
        match &node.value {
            Value::Mapping(_) => Some(Self::Map),
            Value::Sequence(_) => Some(Self::List),
            Value::Scalar(scalar) => (scalar.tag != Tag::Null || node.span == BARE).then_some(Self::Scalar),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Map => "a map",
            Self::List => "a list",
            Self::Scalar => "a single value",
        }
    }
}

impl<'s> Merger<'s> {
    fn new(schema: &'s Schema, comments: &'s [Arc<Comments>]) -> Self {
        Self { schema, comments, path: Vec::new(), replaces: false, oddities: Vec::new() }
    }

    /// Merges what takes the place of all that the object has.
    fn replacing<T>(&mut self, merge: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.replaces, true);
        let merged = merge(self);
        self.replaces = outer;
        merged
    }

    /// The merged value; nothing where it is gone.
    fn value(&mut self, dest: Option<Node>, patch: Patch<'_>, shape: Shape<'s>) -> Result<Option<Node>, MergeError> {
        if let (Some(Node { value: Value::Scalar(scalar), span }), Patch::Absent) = (&dest, patch)
            && (scalar.tag != Tag::Null || *span == BARE)
        {
            return Ok(dest);
        }
        let given = match patch {
            Patch::Given(node) => Some(node),
            Patch::Absent | Patch::Same => None,
        };
        let of_dest = dest.as_ref().and_then(Kind::of);
        let of_patch = given.and_then(Kind::of);
        if let (Some(is), Some(wanted)) = (of_patch, of_dest)
            && is != wanted
        {
            let message = format!("the object has {} here, the patch {}", wanted.name(), is.name());
            return Err(MergeError { message, span: given.map_or_else(Span::default, |node| node.span) });
        }
        let shape = match shape {
            Shape::Unknown => self.shape_by_type(dest.as_ref(), given),
            known => known,
        };
        match of_dest.or(of_patch) {
            Some(Kind::Map) | None => self.map(dest, patch, shape),
            Some(Kind::List) => {
                // No path of keys leads into a list.
                let comments = std::mem::take(&mut self.comments);
                let list = self.list(dest, patch, shape);
                self.comments = comments;
                list
            }
            Some(Kind::Scalar) => Ok(given.cloned().or(dest)),
        }
    }

    /// An object inside an object that the schema does not know may say itself what it is.
    fn shape_by_type(&self, dest: Option<&Node>, patch: Option<&Node>) -> Shape<'s> {
        let text = |node: &Node, key| node.get(key).and_then(Node::as_scalar).map(|scalar| scalar.text.clone());
        let schema = self.schema;
        let find = |node: &Node| schema.of_object(&text(node, "apiVersion")?, &text(node, "kind")?);
        let found = dest.and_then(find).or_else(|| patch.and_then(find));
        found.unwrap_or(Shape::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::{Limits, Node, read};

    use super::{Merged, strategic_merge};

    fn one(text: &str) -> Node {
        read(text, &Limits::default()).unwrap().remove(0).root
    }

    const POD: &str = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: x}]}}";

    #[test]
    fn a_patch_that_does_not_fit_changes_nothing() {
        for patch in
            ["{metadata: {name: b}, spec: {containers: {name: a}}}", "{metadata: {name: b, $patch: no}}", "[1]"]
        {
            let mut object = one(POD);
            strategic_merge(&mut object, &one(patch)).unwrap_err();
            assert_eq!(object, one(POD), "{patch}");
        }
    }

    #[test]
    fn what_a_patch_deletes_is_null() {
        let mut object = one(POD);
        assert_eq!(strategic_merge(&mut object, &one("{$patch: delete}")), Ok(Merged::Deleted));
        assert!(object.is_null());
    }

    #[test]
    fn large_maps_are_merged_as_small_ones_are() {
        let map = |range: std::ops::Range<usize>, value: &str| {
            let entry = |key| format!("k{key}: {value}, ");
            range.map(entry).collect::<String>()
        };
        let mut object = one(&format!("{{{}}}", map(0..40, "1")));
        let patch = format!("{{{}x: 3, {}z: null, {}}}", map(30..60, "2"), map(10..20, "null"), map(20..25, "{}"));
        let error = strategic_merge(&mut object, &one(&patch)).unwrap_err();
        assert_eq!(error.message, "the object has a single value here, the patch a map");
        strategic_merge(&mut object, &one(&patch.replace("{}", "'4'"))).unwrap();
        let expected = [map(0..10, "1"), map(20..25, "'4'"), map(25..30, "1"), map(30..60, "2")].concat();
        let merged: Vec<_> = object.as_mapping().unwrap().iter().collect();
        assert_eq!(merged, one(&format!("{{{expected}x: 3}}")).as_mapping().unwrap().iter().collect::<Vec<_>>());
    }
}
