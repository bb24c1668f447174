//! Which piece of a field a replacement takes or sets.

use stack_krm::yaml::{Node, Scalar, Value};
use stack_source::Locus;

use super::{Written, refuse};
use crate::error::Result;
use crate::kustomization::{FieldOptions, Step};
use crate::kyaml::bare;
use crate::layer::Session;
use crate::shared::BARE;

type IsUnread = fn(&FieldOptions) -> bool;

/// Options that kustomize does not read beside the others: why not, and the edit.
static UNREAD: [(&str, IsUnread, &str, &str); 2] = [
    (
        "index",
        |options| options.delimiter.is_empty(),
        "`index` means nothing without a `delimiter`: the value is not divided",
        "add `delimiter: …`, or leave `index` out",
    ),
    (
        "encoding",
        |_| true,
        "kustomize does not read `encoding`: the value is copied as it is",
        "leave it out, and write the value as the target needs it",
    ),
];

/// Says which options have no effect. The steps lead to the source or the target that has them.
pub(super) fn warn_of_options(
    options: Option<&FieldOptions>,
    steps: &[Step<'_>],
    written: &Written,
    session: &mut Session,
) {
    let Some(options) = options else { return };
    for (key, _, why, help) in UNREAD.iter().filter(|(_, is_unread, ..)| is_unread(options)) {
        let steps = [steps, &[Step::Key("options"), Step::Key(key)]].concat();
        if written.is_there(&steps) {
            session.no_effect(*why, &written.part(&steps), help);
        }
    }
}

/// What becomes of a value that was not meant, and the edit.
pub(super) struct Unmeant {
    pub(super) why: String,
    pub(super) help: String,
}

impl Unmeant {
    pub(super) fn of(field: &Node, value: &Node, options: Option<&FieldOptions>) -> Option<Self> {
        Self::emptied(field, value).or_else(|| Self::elsewhere(field, options?))
    }

    /// A list or a map has no text that could take the place of another.
    fn emptied(field: &Node, value: &Node) -> Option<Self> {
        let text = &field.as_scalar().filter(|_| value.as_scalar().is_none())?.text;
        (!text.is_empty()).then(|| Self {
            why: format!("`{text}` is lost, and {} does not come in its place", value.kind()),
            help: "take a single value as the source, or make the field a list or a map".to_owned(),
        })
    }

    /// A piece does not go where its `index` says. Right in front of all pieces and right behind them, one can only get by numbers that
    /// are none of a piece.
    fn elsewhere(node: &Node, options: &FieldOptions) -> Option<Self> {
        let text = &node.as_scalar().filter(|_| !options.delimiter.is_empty())?.text;
        let count = || i64::try_from(text.matches(options.delimiter.as_str()).count() + 1).ok();
        match options.index {
            ..-1 => {
                let index = count()? + options.index;
                Some(Self {
                    why: "the value goes in front of all pieces, as kustomize does not count from the end".to_owned(),
                    help: if index < 0 { String::new() } else { format!("write `index: {index}`") },
                })
            }
            -1..=1 => None,
            index => {
                let count = count().filter(|count| index > *count)?;
                let pieces = if count == 1 { "piece" } else { "pieces" };
                Some(Self {
                    why: format!(
                        "there is no place {index} with {count} {pieces}: the value becomes number {count}, counted from 0"
                    ),
                    help: format!("write `index: {count}` if it is to go there, or mend the `delimiter`"),
                })
            }
        }
    }
}

/// The piece of a value that the options ask for.
pub(super) fn piece(value: &Node, options: &FieldOptions, at: &Locus) -> Result<Node> {
    let Value::Scalar(scalar) = &value.value else {
        return Err(
            refuse(format!("only a single value can be divided, and the source is {}", value.kind()), at).into()
        );
    };
    let pieces: Vec<&str> = scalar.text.split(options.delimiter.as_str()).collect();
    let piece = usize::try_from(options.index).ok().and_then(|index| pieces.get(index));
    let Some(piece) = piece else {
        let message = format!("there is no piece {} in `{}`, which has {}", options.index, scalar.text, pieces.len());
        return Err(refuse(message, at).into());
    };
    if value.span == BARE {
        return Ok(bare(*piece));
    }
    Ok(Value::Scalar(Scalar { text: (*piece).into(), ..scalar.clone() }).into())
}

/// A text with another piece: in the place of one, in front of all, or behind them.
pub(super) fn with_piece(old: &str, piece: &str, options: &FieldOptions) -> String {
    let delimiter = options.delimiter.as_str();
    let Ok(index) = usize::try_from(options.index) else { return [piece, delimiter, old].concat() };
    let mut start = 0;
    let mut ends = old.match_indices(delimiter).map(|(at, _)| at);
    for _ in 0..index {
        match ends.next() {
            Some(end) => start = end + delimiter.len(),
            None => return [old, delimiter, piece].concat(),
        }
    }
    let end = ends.next().unwrap_or(old.len());
    [&old[..start], piece, &old[end..]].concat()
}

#[cfg(test)]
mod tests {
    use super::with_piece;
    use crate::kustomization::FieldOptions;

    #[test]
    fn a_piece_takes_the_place_of_another() {
        for old in ["", "a", "a--b", "--", "---", "a--b---c--"] {
            for index in -1..6 {
                let options = FieldOptions { delimiter: "--".into(), index, ..FieldOptions::default() };
                let mut pieces: Vec<&str> = old.split("--").collect();
                match usize::try_from(index) {
                    Err(_) => pieces.insert(0, "x"),
                    Ok(index) if index >= pieces.len() => pieces.push("x"),
                    Ok(index) => pieces[index] = "x",
                }
                assert_eq!(with_piece(old, "x", &options), pieces.join("--"), "{old} {index}");
            }
        }
    }
}
