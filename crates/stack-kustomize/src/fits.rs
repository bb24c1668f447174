//! Scalars on which kustomize fails where it next reads the object as JSON: the text is of another kind than the field, as a
//! replacement copies the text alone, or is no block that can be read.

use stack_krm::yaml::{Node, PrintOptions, Scalar, Style, Tag, Value, print};
use stack_source::{Diagnostic, Span};

use crate::error::Result;
use crate::item::Item;
use crate::rules::UNPRINTABLE;

/// An error for the first such scalar.
pub(crate) fn check(node: &Node, item: &Item) -> Result<()> {
    match &node.value {
        Value::Scalar(scalar) if is_lost_block(scalar) => {
            let message =
                format!("a text of `{}` begins with a tab, and kustomize cannot read the block again", item.id);
            Err(Diagnostic::new(&UNPRINTABLE, message)
                .at(item.place_of(node.span))
                .help("let it begin with something else: an empty line, a comment or spaces; or write it in quotes")
                .into())
        }
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

/// Whether kustomize writes a text as a block and cannot read that again: by the first line of a block YAML knows how far it is
/// indented, and that may not begin with a tab. What is written in quotes for something else in it is read.
fn is_lost_block(scalar: &Scalar) -> bool {
    let has_lines = || match scalar.style {
        Style::Literal | Style::Folded => true,
        Style::Plain => scalar.text.contains('\n'),
        Style::Single | Style::Double => false,
    };
    let is_block = || {
        let mut printed = String::new();
        let node = Node::string(scalar.text.replace('\t', "-") + "\n-");
        print(&node, &PrintOptions::KUSTOMIZE, &mut printed).is_ok() && printed.starts_with('|')
    };
    scalar.text.starts_with('\t') && has_lines() && is_block()
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
