//! `patches`.

use stack_krm::yaml::Node;
use stack_source::{Diagnostic, Locus, Span, TreePath};

use self::json::{check_json, json_patch, operations};
use self::strategic::{Allow, targeted, untargeted, with_texts};
use crate::documents::{Counts, Documents, Source, documents, warn_of_rest};
use crate::error::Result;
use crate::faults::Faults;
use crate::item::Item;
use crate::json_patch::JsonPatch;
use crate::json_text::without_escapes;
use crate::kustomization::{Patch, Step};
use crate::layer::{Layer, Session};
use crate::load::Place;
use crate::objects::objects_of;
use crate::pool::Pool;
use crate::rules::INVALID_PATCH;
use crate::selector::Pattern;

pub(crate) mod json;
pub(crate) mod strategic;

pub(crate) fn apply(layer: &Layer<'_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let mut faults = Faults::default();
    for (index, patch) in layer.kustomization().patches.iter().enumerate() {
        let places = Places::of(layer, "patches", index);
        if faults.is_empty() {
            faults.note(apply_one(patch, &layer.place, &places, pool, session))?;
        } else {
            // What a patch was to find may be missing now, so the others are read and no more.
            faults.note(read(patch, &layer.place, &places, session, |_, _, _, _| Ok(())))?;
        }
        layer.done("PatchTransformer", pool, session);
    }
    faults.finish()
}

/// Where an entry and its parts stand.
pub(crate) struct Places<'p> {
    pub(crate) entry: Locus,
    pub(crate) text: Locus,
    pub(crate) target: Locus,
    /// The same of a field of the target.
    pub(crate) of_target: Box<dyn Fn(&str) -> Locus + 'p>,
}

impl<'p> Places<'p> {
    pub(crate) fn of(layer: &'p Layer<'_>, field: &'p str, index: usize) -> Self {
        let inner = |key| layer.file.at(&[Step::Key(field), Step::Index(index), Step::Key(key)]);
        let of_target = move |key: &str| {
            layer.file.at(&[Step::Key(field), Step::Index(index), Step::Key("target"), Step::Key(key)])
        };
        let of_target = Box::new(of_target);
        Self { entry: layer.file.entry(field, index), text: inner("patch"), target: inner("target"), of_target }
    }
}

/// What an entry holds.
enum Content {
    Merge(Vec<Item>),
    Json(JsonPatch),
}

fn refuse<T>(message: String, at: &Locus, help: &str) -> Result<T> {
    let diagnostic = Diagnostic::new(&INVALID_PATCH, message).at(at.clone());
    Err(if help.is_empty() { diagnostic } else { diagnostic.help(help) }.into())
}

/// The text of a patch and the file that it stands in, where it has one.
pub(crate) fn text_of_patch<'a>(
    (path, inline): (&str, &'a str),
    place: &Place<'a>,
    at: &Locus,
) -> Result<(Option<TreePath>, &'a str)> {
    match (path, inline) {
        ("", "") => refuse("the patch is empty".to_owned(), at, "give it a `patch` or a `path`"),
        ("", text) => Ok((None, text)),
        (path, "") => place.text(path, at).map(|(path, text)| (Some(path), text)),
        _ => refuse("the patch has both a `patch` and a `path`".to_owned(), at, "keep one of them"),
    }
}

pub(crate) fn apply_one<'a>(
    patch: &'a Patch,
    place: &Place<'a>,
    places: &Places<'_>,
    pool: &mut Pool,
    session: &mut Session,
) -> Result<()> {
    let allow = Allow::new(&patch.options);
    read(patch, place, places, session, |content, pattern, source, session| match (content, pattern) {
        (Content::Merge(patches), Some(pattern)) => {
            let [patch] = patches.as_slice() else {
                let help = "give each patch an entry of its own";
                return refuse("a patch with a target must be a single document".to_owned(), &places.entry, help);
            };
            targeted(patch, &pattern, allow, places, pool, session)
        }
        // What may be changed is written into annotations of the patch, which are texts then.
        (Content::Merge(patches), None) if allow.name || allow.kind => {
            patches.iter().try_for_each(|patch| untargeted(&with_texts(patch, &["annotations"]), allow, pool, session))
        }
        (Content::Merge(patches), None) => patches.iter().try_for_each(|patch| untargeted(patch, allow, pool, session)),
        (Content::Json(json), Some(pattern)) => json_patch(&json, &pattern, source, places, true, pool, session),
        (Content::Json(_), None) => {
            let help = "say with `target` which objects it changes";
            refuse("a JSON 6902 patch needs a target".to_owned(), &places.entry, help)
        }
    })
}

/// Reads an entry, for `then` to do with it what it says.
fn read<'a, T>(
    patch: &'a Patch,
    place: &Place<'a>,
    places: &Places<'_>,
    session: &mut Session,
    then: impl FnOnce(Content, Option<Pattern>, &Source<'_>, &mut Session) -> Result<T>,
) -> Result<T> {
    let (file, text) = text_of_patch((&patch.path, patch.patch.trim()), place, &places.entry)?;
    let block = if file.is_none() { place.block(text, &places.text) } else { None };
    let source = file.as_ref().map_or_else(|| Source::field(&places.text, block.as_ref()), Source::File);
    let pattern = patch.target.as_ref().map(|target| Pattern::new(target, &places.target)).transpose()?;
    let content = content(&without_escapes(text, '['), &source, &places.entry, session)?;
    then(content, pattern, &source, session)
}

fn content(text: &str, source: &Source<'_>, at: &Locus, session: &mut Session) -> Result<Content> {
    let json = check_json(text, source);
    if !text.starts_with("[]") {
        json.clone()?;
    }
    let documents = documents(text, Counts::First, source, session)?;
    if let Err(error) = json {
        // Behind an empty list, an object makes it a strategic merge patch all the same.
        let objects = objects_of(documents, text, source).ok().filter(|objects| !objects.is_empty());
        return objects.map(Content::Merge).ok_or(error);
    }
    if let Some(separator) = documents.empty_before(text) {
        return behind_an_empty_one(documents, text, source, separator, session);
    }
    match documents.roots.as_slice() {
        // To kustomize, a file without a byte is a list without operations.
        [] if text.is_empty() => operations(&Node::sequence([]), source, session).map(Content::Json),
        [] => refuse("the patch is empty".to_owned(), at, ""),
        [first, ..] if first.as_sequence().is_some_and(<[Node]>::is_empty) => {
            refuse("the patch is empty".to_owned(), at, "write a list of operations")
        }
        [first, rest @ ..] if first.as_sequence().is_some() => {
            warn_of_rest(rest, source, session);
            operations(first, source, session).map(Content::Json)
        }
        [first, ..] if first.as_mapping().is_none() => {
            refuse(format!("expected an object or a list of operations, found {}", first.kind()), at, "")
        }
        _ => match objects_of(documents, text, source)? {
            none if none.is_empty() => {
                refuse("the patch holds no object".to_owned(), at, "write one into it, or take the entry out")
            }
            objects => Ok(Content::Merge(objects)),
        },
    }
}

/// What an entry holds behind an empty document. To kustomize that is a JSON 6902 patch without operations: an object behind it makes
/// the patch one of both kinds, which is refused, and what is no object is not read.
fn behind_an_empty_one(
    documents: Documents,
    text: &str,
    source: &Source<'_>,
    separator: Span,
    session: &mut Session,
) -> Result<Content> {
    let at = source.at(separator);
    if objects_of(documents, text, source).is_ok() {
        let message = "an empty document stands before the patch, and kustomize takes that for a JSON 6902 patch";
        return refuse(message.to_owned(), &at, ONE_SEPARATOR);
    }
    session.no_effect("kustomize reads the first document only, and it is empty", &at, ONE_SEPARATOR);
    operations(&Node::sequence([]), source, session).map(Content::Json)
}

/// The edit for an empty document before another.
pub(crate) const ONE_SEPARATOR: &str = "leave nothing above it but comments and one `---`";
