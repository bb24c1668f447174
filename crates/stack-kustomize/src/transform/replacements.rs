//! `replacements`.

use std::borrow::Cow;

use stack_krm::yaml::{Node, Value};
use stack_source::{Diagnostic, Locus, Span};

use self::options::{Unmeant, warn_of_options, with_piece};
use self::path::{Found, Make, ends_at_null, find, loose, parts, visit};
use self::source::{Copied, Marked};
use self::wanted::Wanted;
pub(crate) use self::written::Written;
use super::patches::ONE_SEPARATOR;
use crate::budget::{Budget, NODE, weight};
use crate::depth;
use crate::documents::{Counts, Source, documents, warn_of_rest};
use crate::error::Result;
use crate::item::Item;
use crate::kustomization::record::{Field as _, Manner, Reading};
use crate::kustomization::{FieldOptions, ReplacementEntry, ReplacementTarget, Selector, Step};
use crate::kyaml::{set_text, text_of};
use crate::layer::{Layer, Session};
use crate::load::Place;
use crate::pool::Pool;
use crate::rules::{REPLACEMENT, UNEXPECTED};
use crate::selector::{Pattern, labels};
use crate::shared::{BARE, hit, unmark};

mod near;
mod options;
pub(crate) mod path;
mod source;
mod wanted;
mod written;

const DEFAULT_PATH: &str = "metadata.name";

/// The edit for a part of a path that has no name.
const ONE_DOT: &str = "put one `.` between names, and none at the end";

pub(crate) fn apply(layer: &Layer<'_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let entries = &layer.kustomization().replacements;
    let at = |index| layer.file.entry("replacements", index);
    let mut replacements = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        // A list without targets is lost on the way from here to kustomize's replacements, and not where they have a file of their own.
        let node = layer.file.node(&[Step::Key("replacements"), Step::Index(index)]);
        let node = node.filter(|_| !entry.targets.is_empty()).cloned();
        let written = Written { entry: entry.clone(), at: at(index), node: node.unwrap_or_default() };
        replacements.extend(load(written, &layer.place, session)?);
    }
    replace_all(&replacements, pool, session)?;
    layer.done("ReplacementTransformer", pool, session);
    Ok(())
}

fn refuse(message: impl Into<String>, at: &Locus) -> Diagnostic {
    Diagnostic::new(&REPLACEMENT, message).at(at.clone())
}

/// The replacements that an entry stands for: itself, or those of its file.
pub(crate) fn load(written: Written, place: &Place<'_>, session: &mut Session) -> Result<Vec<Written>> {
    let Written { entry, at, .. } = &written;
    if entry.path.is_empty() {
        return Ok(vec![written]);
    }
    if entry.source.is_some() || !entry.targets.is_empty() {
        let message = "the entry has both a `path` and a replacement of its own";
        return Err(refuse(message, at).help("keep one of them").into());
    }
    let (path, text) = place.text(&entry.path, at)?;
    let documents = documents(text, Counts::Last, &Source::File(&path), session)?;
    if let Some(separator) = documents.empty_before(text) {
        let message = "an empty document stands before the replacements, and kustomize reads no other";
        return Err(refuse(message, &Locus::in_file(path, separator)).help(ONE_SEPARATOR).into());
    }
    let mut roots = documents.roots.into_iter();
    let root = roots.next().unwrap_or_default();
    warn_of_rest(roots.as_slice(), &Source::File(&path), session);
    let mut reading = Reading::new(Source::File(&path), Manner::Replacement);
    let (loaded, nodes): (Vec<ReplacementEntry>, _) = match &root.value {
        Value::Sequence(nodes) => (Vec::read(&root, &mut reading).unwrap_or_default(), nodes.as_slice()),
        Value::Mapping(_) => {
            (ReplacementEntry::read(&root, &mut reading).into_iter().collect(), std::slice::from_ref(&root))
        }
        Value::Scalar(_) => {
            let message = format!("expected a replacement or a list of them, found {}", root.kind());
            return Err(refuse(message, &Locus::in_file(path.clone(), root.span)).into());
        }
    };
    let loaded = reading.finish(loaded, &mut session.warnings)?;
    let written =
        |(entry, node): (_, &Node)| Written { entry, at: Locus::in_file(path.clone(), node.span), node: node.clone() };
    Ok(loaded.into_iter().zip(nodes).map(written).collect())
}

/// Copies values to their targets.
pub(crate) fn replace_all(replacements: &[Written], pool: &mut Pool, session: &mut Session) -> Result<()> {
    if !replacements.is_empty() {
        pool.items().iter().try_for_each(Item::check_names)?;
    }
    replacements.iter().try_for_each(|replacement| replace(replacement, pool, session))
}

/// Copies one value to all its targets.
fn replace(replacement: &Written, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let Written { entry, at, .. } = replacement;
    let has_targets = !entry.targets.is_empty() || replacement.has_list("targets");
    let Some(source) = entry.source.as_ref().filter(|_| has_targets) else {
        let message = "a replacement needs a source and at least one target";
        return Err(refuse(message, at).help("add `source` and `targets`").into());
    };
    warn_of_options(source.options.as_ref(), &[Step::Key("source")], replacement, session);
    let mut source = Copied::of(source, replacement, pool)?;
    if entry.targets.is_empty() {
        session.no_effect("the replacement has no targets", at, "add one, or take the replacement out");
    }
    for (index, target) in entry.targets.iter().enumerate() {
        warn_of_options(target.options.as_ref(), &[Step::Key("targets"), Step::Index(index)], replacement, session);
        to_target((target, index), &mut source, replacement, pool, session)?;
    }
    Ok(())
}

/// Whether a node is what kustomize makes before it puts a value in.
fn is_blank(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(scalar) => scalar.text.is_empty(),
        Value::Sequence(list) => list.is_empty(),
        Value::Mapping(map) => map.is_empty(),
    }
}

fn to_target(
    (target, index): (&ReplacementTarget, usize),
    source: &mut Copied,
    written: &Written,
    pool: &mut Pool,
    session: &mut Session,
) -> Result<()> {
    let part = |key| written.part(&[Step::Key("targets"), Step::Index(index), Step::Key(key)]);
    let at = &part("select");
    let Some(select) = &target.select else {
        return Err(refuse("a target must say which objects it selects", at).help("add `select`").into());
    };
    let by_labels = |selector: &Selector| -> Result<_> {
        Ok((
            labels("labelSelector", &selector.label_selector, at)?,
            labels("annotationSelector", &selector.annotation_selector, at)?,
        ))
    };
    let wanted = Wanted::of(select);
    let (wanted_labels, wanted_annotations) = by_labels(select)?;
    let rejected = target.reject.iter().map(|reject| Ok((Wanted::of(reject), reject, by_labels(reject)?)));
    let rejected = rejected.collect::<Result<Vec<_>>>()?;
    let mut hits = 0;
    for place in wanted.places(pool) {
        let item = pool.item_mut(place);
        let is_selected = wanted_labels.matches(item, "labels") && wanted_annotations.matches(item, "annotations");
        let is_rejected = rejected.iter().any(|(wanted, reject, (labels, annotations))| {
            let by_labels = !(reject.label_selector.is_empty() && reject.annotation_selector.is_empty())
                && labels.matches(item, "labels")
                && annotations.matches(item, "annotations");
            by_labels || !wanted.is_anything() && wanted.selects(item)
        });
        if is_selected && !is_rejected {
            hits += 1;
            let at = |path: usize| {
                let steps = [Step::Key("targets"), Step::Index(index), Step::Key("fieldPaths"), Step::Index(path)];
                written.part(&steps)
            };
            warn_of_patterns(item, target, &at, session);
            into_fields(item, place, target, source, &at, session)?;
            item.mend_shared();
            item.is_as_read = false;
            pool.changed(place);
        }
    }
    if hits == 0 {
        let pattern = Pattern::new(select, at).ok();
        let misfit = pattern.map(|pattern| pattern.misfit(pool.items())).unwrap_or_default();
        let steps = [Step::Key("targets"), Step::Index(index), Step::Key("select")];
        let of_field = |field| written.part(&[&steps[..], &[Step::Key(field)]].concat());
        let at = misfit.field.map_or_else(|| at.clone(), of_field);
        session.no_effect("the target of the replacement selects no object", &at, &misfit.help);
    }
    Ok(())
}

/// Conditions are patterns, and those of a target match everywhere in a text.
fn warn_of_patterns(item: &Item, target: &ReplacementTarget, at: &dyn Fn(usize) -> Locus, session: &mut Session) {
    for (index, path) in target.field_paths.iter().enumerate() {
        if let Some(other) = loose(&item.node, &parts(path)) {
            let message = format!("`{path}` of `{}` means `{other}` too: what stands behind `=` is a pattern", item.id);
            session.warn(&UNEXPECTED, message, &at(index), "write `^` before it and `$` behind it");
        }
    }
}

fn into_fields(
    item: &mut Item,
    place: usize,
    target: &ReplacementTarget,
    source: &mut Copied,
    at: &dyn Fn(usize) -> Locus,
    session: &mut Session,
) -> Result<()> {
    let default = [DEFAULT_PATH.to_owned()];
    let paths = if target.field_paths.is_empty() { &default } else { target.field_paths.as_slice() };
    let options = target.options.as_ref();
    for (index, path) in paths.iter().enumerate() {
        let make = match (options.is_some_and(|options| options.create), &source.value.value) {
            (false, _) => Make::Nothing,
            (true, Value::Scalar(_)) => Make::Scalar,
            (true, Value::Sequence(_)) => Make::List,
            (true, Value::Mapping(_)) => Make::Map,
        };
        let id = item.id.clone();
        let fail = |why: String| {
            refuse(format!("`{path}` of `{id}`: {why}"), &at(index)).related(item.at.clone(), "the object")
        };
        let steps = parts(path);
        if make != Make::Nothing
            && let Some((part, near)) = near::added(&item.node, &steps)
        {
            let message = format!("`{id}` gets an element `{part}`, as `{path}` finds none");
            session.warn(&UNEXPECTED, message, &at(index), &format!("did you mean `{near}`?"));
        }
        let mut unmeant = None;
        let found = depth::check(steps.len(), &source.value).and_then(|()| {
            if source.holds(place, &item.node, &steps) {
                into_itself(&mut item.node, place, (&steps, make, options), source, &mut session.budget)
            } else {
                let mut marked = source.mark(place, &mut item.node, options);
                let mut value = Cow::Borrowed(&source.value);
                let hits = visit(&mut item.node, &steps, make, &mut |Found { node, is_new }| {
                    let made = if is_new { steps.len() * NODE } else { 0 };
                    session.budget.spend(weight(&value) + made)?;
                    unmeant = unmeant.take().or_else(|| Unmeant::of(node, &value, options));
                    let is_source = marked.as_ref().is_some_and(|marked| marked.take_off(node));
                    set(Found { node, is_new }, options, &value, &mut session.budget)?;
                    if is_source {
                        value = Cow::Owned(node.clone());
                        marked = Some(Marked::put_on(node));
                    }
                    Ok(())
                });
                drop(value);
                if let Some(marked) = marked {
                    source.unmark(place, &mut item.node, &marked);
                }
                hits
            }
        });
        match found {
            Ok(0) => {
                let help = near::help(&item.node, path, &steps, make == Make::Nothing);
                return Err(fail("there is no such field".to_owned()).maybe_help(help).into());
            }
            Ok(_)
                if steps.iter().any(String::is_empty)
                    && matches!(find(&item.node, &steps), Ok(Some(left)) if is_blank(left)) =>
            {
                let message = format!("`{path}` empties the field of `{id}`, and the value is lost");
                session.warn(&UNEXPECTED, message, &at(index), ONE_DOT);
            }
            Ok(_) if make != Make::Nothing && ends_at_null(&item.node, &steps) => {
                let message = format!("the value for `{path}` of `{id}` is lost: there is a null on the way");
                session.no_effect(message, &at(index), "take the null out of the object");
            }
            Ok(_) => {}
            Err(why) => {
                let help = near::help(&item.node, path, &steps, false);
                return Err(fail(why).maybe_help(help).into());
            }
        }
        if let Some(Unmeant { why, help }) = unmeant {
            session.warn(&UNEXPECTED, format!("`{path}` of `{id}`: {why}"), &at(index), &help);
        }
        if let ["metadata"] | ["metadata", "annotations"] = steps.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            item.forget();
        }
        source.look_again(place, &item.node);
    }
    Ok(())
}

/// Copies a list or a map to fields inside of it. They are made before it is copied, and it changes with each copy.
fn into_itself(
    object: &mut Node,
    place: usize,
    (steps, make, options): (&[String], Make, Option<&FieldOptions>),
    source: &mut Copied,
    budget: &mut Budget,
) -> Result<usize, String> {
    let mut hits = Vec::new();
    visit(object, steps, make, &mut |Found { node, is_new }| {
        let mark = hit(hits.len());
        hits.push((mark, std::mem::replace(&mut node.span, mark), is_new));
        Ok(())
    })?;
    for (mark, span, is_new) in &hits {
        source.look_again(place, object);
        depth::check(steps.len(), &source.value)?;
        // A field that was inside of one which has another value by now is nowhere any more.
        if let Some(node) = marked(object, *mark) {
            budget.spend(weight(&source.value))?;
            node.span = *span;
            set(Found { node, is_new: *is_new }, options, &source.value, budget)?;
        }
    }
    Ok(hits.len())
}

fn marked(node: &mut Node, mark: Span) -> Option<&mut Node> {
    if node.span == mark {
        return Some(node);
    }
    match &mut node.value {
        Value::Sequence(nodes) => nodes.iter_mut().find_map(|node| marked(node, mark)),
        Value::Mapping(map) => map.entries.iter_mut().find_map(|entry| marked(&mut entry.value, mark)),
        Value::Scalar(_) => None,
    }
}

fn set(found: Found<'_>, options: Option<&FieldOptions>, value: &Node, budget: &mut Budget) -> Result<(), String> {
    let Found { node, is_new } = found;
    let mut text = text_of(value).to_string();
    if let Some(options) = options.filter(|options| !options.delimiter.is_empty()) {
        let Value::Scalar(old) = &node.value else {
            return Err(format!("only a single value can be divided, and this is {}", node.kind()));
        };
        let joined = with_piece(&old.text, &text, options);
        budget.spend(joined.len().saturating_sub(old.text.len()))?;
        text = joined;
    }
    match &mut node.value {
        Value::Scalar(_) if is_new || node.span == BARE => set_text(node, &text),
        // Only the text is copied: what kind of value it is stays. Whether the text fits it shows at the end, when kustomize prints.
        Value::Scalar(old) => old.text = text.into(),
        _ => {
            let span = if value.span == BARE { BARE } else { node.span };
            *node = Node { span, ..value.clone() };
            unmark(node);
        }
    }
    Ok(())
}
