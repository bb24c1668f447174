//! Scalars whose text is of another kind than the field: a replacement copies the text alone, and kustomize fails where it next reads
//! the object as JSON.

use stack_krm::yaml::{Node, Scalar, Tag, Value};
use stack_source::{Diagnostic, Span};

use crate::error::Result;
use crate::item::Item;
use crate::rules::UNPRINTABLE;

/// An error for the first such scalar.
pub(crate) fn check(node: &Node, item: &Item) -> Result<()> {
    match &node.value {
        Value::Scalar(scalar) if fits(scalar) => Ok(()),
        Value::Scalar(scalar) => {
            let message =
                format!("`{}` of `{}` does not fit there: the field holds {}", scalar.text, item.id, node.kind());
            Err(Diagnostic::new(&UNPRINTABLE, message)
                .at(item.place_of(Span::default()))
                .help("a replacement has put it there: copy a value of the same kind")
                .into())
        }
        Value::Sequence(list) => list.iter().try_for_each(|node| check(node, item)),
        Value::Mapping(map) => map.iter().try_for_each(|(_, node)| check(node, item)),
    }
}

/// Whether the text of a scalar is of the kind that it is said to be.
fn fits(scalar: &Scalar) -> bool {
    match scalar.tag {
        Tag::Str | Tag::Binary => true,
        tag => {
            let found = Scalar::plain(scalar.text.clone()).tag;
            tag == found || (tag, found) == (Tag::Float, Tag::Int)
        }
    }
}
