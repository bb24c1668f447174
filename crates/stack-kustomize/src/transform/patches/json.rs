//! JSON 6902 patches, read and applied to the objects of a build.

use stack_krm::yaml::Node;
use stack_source::{Diagnostic, Span};

use super::Places;
use crate::documents::Source;
use crate::error::Result;
use crate::fits;
use crate::json_patch::{Added, Covered, JsonPatch};
use crate::json_text;
use crate::layer::Session;
use crate::pool::Pool;
use crate::provenance::Provenance;
use crate::rules::{INVALID_PATCH, NO_EFFECT, PATCH_FAILED, PRECISION, UNEXPECTED};
use crate::selector::Pattern;

/// Kustomize takes what begins with a bracket for JSON, and reads it as nothing else.
pub(crate) fn check_json(text: &str, source: &Source<'_>) -> Result<()> {
    if !text.starts_with('[') {
        return Ok(());
    }
    // Numbers that no float can hold are refused, too.
    let Some(fault) = json_text::fault::<serde_json::Value>(text) else { return Ok(()) };
    let (message, help) = if fault.is_too_deep {
        ("a patch that begins with `[` nests deeper than 128 levels", "write it as a YAML list with dashes")
    } else {
        let help = "put its keys and texts in double quotes, or write a YAML list with dashes";
        ("a patch that begins with `[` must be JSON, and this is not", help)
    };
    Err(Diagnostic::new(&INVALID_PATCH, message).at(source.at(fault.span)).help(help).into())
}

/// The operations of a JSON 6902 patch.
pub(crate) fn operations(list: &Node, source: &Source<'_>, session: &mut Session) -> Result<JsonPatch> {
    let patch = JsonPatch::new(list).map_err(|error| {
        Diagnostic::new(&INVALID_PATCH, error.message).at(source.at(error.span)).maybe_help(error.help)
    })?;
    for slip in patch.slips() {
        let rule = if slip.sets_null { &UNEXPECTED } else { &NO_EFFECT };
        session.warnings.add(Diagnostic::new(rule, slip.message).at(source.at(slip.span)).maybe_help(slip.help));
    }
    Ok(patch)
}

/// Applies a JSON 6902 patch to all objects that a pattern selects.
pub(crate) fn json_patch(
    patch: &JsonPatch,
    pattern: &Pattern,
    source: &Source<'_>,
    places: &Places<'_>,
    remembers: bool,
    pool: &mut Pool,
    session: &mut Session,
) -> Result<()> {
    let selected = pattern.targets(places, pool, session)?;
    let budget = session.budget.spend_for(selected.len(), patch.weight());
    budget.map_err(|why| Diagnostic::new(&PATCH_FAILED, why).at(places.entry.clone()))?;
    for place in selected {
        let item = pool.item_mut(place);
        if remembers {
            item.remember();
        }
        fits::check(&item.node, item)?;
        let done = item.with_annotations(|node| patch.apply_and_note(node, &mut session.budget)).map_err(|error| {
            let message = format!("the patch does not fit `{}`: {}", item.id, error.message);
            Diagnostic::new(&PATCH_FAILED, message)
                .at(source.at(error.span))
                .related(item.at.clone(), "the object")
                .maybe_help(error.help)
        })?;
        for Added { path, near, span } in done.added {
            let message = format!("`{}` has no `{path}` to replace, and kustomize adds it", item.id);
            let path = near.map_or_else(|| "mend the path".to_owned(), |near| format!("write `path: {near}`"));
            session.warn(&UNEXPECTED, message, &source.at(span), &format!("{path}, or write `op: add`"));
        }
        for Covered { path, lost, is_list, span } in done.covered {
            let what = if is_list { "element" } else { "field" };
            let plural = if lost == 1 { "" } else { "s" };
            let message = format!(
                "`{}` loses {lost} {what}{plural} of `{path}`: `add` puts its value in the place of what is there",
                item.id
            );
            let help = if is_list {
                format!("write `path: {path}/-` for one element more, or `op: replace` for another list")
            } else {
                format!("write `path: {path}/KEY` for one field more, or `op: replace` for another map")
            };
            session.warn(&UNEXPECTED, message, &source.at(span), &help);
        }
        let of_object = done.lost.map(|lost| (item.place_of(lost.span), lost));
        let of_patch = done.lost_of_patch.map(|lost| (source.at(lost.span), lost));
        for (at, lost) in of_object.into_iter().chain(of_patch) {
            let at = if lost.span == Span::default() { &places.entry } else { &at };
            let message = format!(
                "`{}` of `{}` becomes {}: a JSON 6902 patch makes floats of the numbers of its object, and {} has too many digits",
                lost.path(),
                item.id,
                lost.is,
                lost.was
            );
            session.warn(&PRECISION, message, at, "write the patch as a strategic merge patch");
        }
        // The object was written anew: nothing in it is shared any more.
        item.shared.clear();
        item.comments = None;
        item.is_as_read = false;
        if patch.replaces(&["/metadata/annotations", "/metadata"]) {
            item.provenance = Provenance::default();
        }
        pool.changed(place);
    }
    Ok(())
}
