//! What is said of a strategic merge patch where kustomize takes a part of it without a word.

use indexmap::{IndexMap, IndexSet};
use stack_krm::ResourceId;
use stack_krm::yaml::{Node, Text, Value};
use stack_source::{Span, listed, nearest};

use crate::item::Item;
use crate::layer::Session;
use crate::merge::{Odd, Oddity, Schema};
use crate::pool::Pool;
use crate::rules::{NO_EFFECT, NOT_A_DIRECTIVE, UNEXPECTED};
use crate::selector::Pattern;

/// How many names stand in a message.
const MOST: usize = 3;

/// What a patch sets to null that is not there. One patch may be for many objects, and it is enough that one of them has the field.
#[derive(Default)]
pub(super) struct Unset {
    /// How many objects there were so far.
    objects: usize,
    missing: IndexMap<Span, Missing>,
}

/// A field that is missing in this many objects, with the first of them.
struct Missing {
    field: Text,
    near: Option<Text>,
    first: ResourceId,
    objects: usize,
}

impl Unset {
    fn note(&mut self, span: Span, field: Text, near: Option<Text>, id: &ResourceId) {
        let missing = self.missing.entry(span);
        missing.or_insert_with(|| Missing { field, near, first: id.clone(), objects: 0 }).objects += 1;
    }

    /// Says what no object has.
    pub(super) fn warn(&self, patch: &Item, session: &mut Session) {
        for (span, missing) in self.missing.iter().filter(|(_, missing)| missing.objects == self.objects) {
            let Missing { field, near, first, objects } = missing;
            let message = match objects {
                1 => format!("`{first}` has no `{field}` here that the null could take away"),
                _ => format!("none of the {objects} objects has a `{field}` here that the null could take away"),
            };
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "take it out, or write `{}` for an empty map and `\"\"` for an empty text".to_owned(),
            };
            session.no_effect(message, &patch.place_of(*span), &help);
        }
    }
}

/// Says what happened silently where a patch was merged into an object.
pub(super) fn warn(
    oddities: Vec<Oddity>,
    patch: &Item,
    (id, schema): (&ResourceId, &Schema),
    unset: &mut Unset,
    session: &mut Session,
) {
    let is_forgotten = Schema::is_built_in(&id.gvk) && !schema.knows(&id.gvk);
    if is_forgotten && has_list(&patch.node) {
        let message = format!(
            "the lists of the patch take the place of those of `{id}`: the schema that `openapi` names does not know `{}`",
            id.gvk
        );
        session.warn(&UNEXPECTED, message, &patch.at, "add the definitions of that kind to the schema");
    }
    unset.objects += 1;
    let is_repeated = |oddity: &Oddity| matches!(oddity.what, Odd::ElementRepeated { .. });
    let repeated: IndexSet<Span> = oddities.iter().filter(|oddity| is_repeated(oddity)).map(|odd| odd.span).collect();
    let is_replaced = |oddity: &&Oddity| matches!(oddity.what, Odd::ListReplaced { .. });
    let replaced = oddities.iter().filter(is_replaced).map(|oddity| (oddity.span, None));
    let mut ways: IndexMap<Span, Option<String>> = replaced.filter(|_| !is_forgotten).collect();
    if !ways.is_empty() {
        note_ways(&patch.node, &mut Vec::new(), &mut ways);
    }
    for Oddity { what, span } in oddities {
        let at = patch.place_of(span);
        let (rule, message) = match what {
            Odd::ElementLost { .. } if repeated.contains(&span) => continue,
            Odd::ElementLost { lacks, others, lost } => {
                let (message, help) = said_of_lost(lacks.as_ref(), &others, lost);
                let rule = if lost > 0 { &UNEXPECTED } else { &NO_EFFECT };
                session.warn(rule, message, &at, &help);
                continue;
            }
            Odd::ElementRepeated { key, value } => {
                let message = format!(
                    "an element before this one has the `{key}` `{value}` too, and kustomize keeps one of them"
                );
                session.warn(&NO_EFFECT, message, &at, &format!("give it another `{key}`, or take one of them out"));
                continue;
            }
            Odd::Emptied { field, parts, outside } => {
                let parts = if parts == 1 { "1 entry".to_owned() } else { format!("{parts} entries") };
                let message = format!("nothing stands under `{field}`, which takes it away from `{id}`, with {parts}");
                let help = match outside {
                    Some(outside) => {
                        format!("indent `{outside}` to stand below it, or write `{field}: null` to take it away")
                    }
                    None => format!("indent what belongs below it, or write `{field}: null` to take it away"),
                };
                session.warn(&UNEXPECTED, message, &at, &help);
                continue;
            }
            Odd::PrintedDirective => {
                (&NOT_A_DIRECTIVE, "kustomize does not know this directive and prints it into the object")
            }
            Odd::WholeReplaced => {
                (&NO_EFFECT, "kustomize replaces parts of objects; for a whole one it ignores the patch")
            }
            Odd::NothingToDelete => (&NO_EFFECT, "there is nothing here that the patch could delete"),
            Odd::NothingToUnset { field, near } => {
                unset.note(span, field, near, id);
                continue;
            }
            Odd::ElementAdded { element, name, near, lacks } => {
                let lack = lacks.map_or_else(|| "nothing but that".to_owned(), |field| format!("no `{field}`"));
                let message = format!("`{id}` gets a {element} `{name}` that has {lack}");
                session.warn(&UNEXPECTED, message, &at, &format!("did you mean `{near}`?"));
                continue;
            }
            Odd::ListReplaced { .. } if is_forgotten => continue,
            Odd::ListReplaced { key, elements, fields, left_out } => {
                let message = format!(
                    "`{id}` loses {}: kustomize knows no merge key for this list, and puts the patch's in its place",
                    lost(&elements, &fields, left_out)
                );
                let path = ways.get(&span).and_then(Option::as_deref).unwrap_or("…");
                session.warn(&UNEXPECTED, message, &at, &edits(path, id, key));
                continue;
            }
        };
        session.warn(rule, message, &at, "");
    }
}

/// What is said of an element that is lost, and the edit that keeps it.
fn said_of_lost(lacks: Option<&Text>, others: &[Text], lost: usize) -> (String, String) {
    let with_it = match lost {
        0 => String::new(),
        1 => ", and one of the object's with it".to_owned(),
        lost => format!(", and {lost} of the object's with it"),
    };
    let Some(key) = lacks else {
        let message = format!("kustomize loses this element{with_it}: its keys match none as it matches them");
        return (message, String::new());
    };
    let message = format!("kustomize loses this element{with_it}: it has no `{key}`, by which the list is merged");
    let help = match others {
        [only] => format!("add `{key}: {only}`"),
        [] => format!("add `{key}`"),
        several => {
            let more = if several.len() > MOST { ", …" } else { "" };
            format!("add `{key}`; there is {}{more}", listed(&several[..several.len().min(MOST)]))
        }
    };
    (message, help)
}

/// Says where a patch with a target names something else than what it changes: kustomize looks at the target alone.
///
/// Something must stand there, so authors write words that mean nothing. Only what means an object is looked at: one that is there, or
/// nearly the one that the target names.
pub(super) fn warn_of_name(
    patch: &Item,
    selected: &[usize],
    pattern: &Pattern,
    pool: &mut Pool,
    session: &mut Session,
) {
    let named = &patch.id;
    let is_named = |item: &Item| item.ids().any(|id| id.name == named.name && id.gvk.kind == named.gvk.kind);
    if selected.is_empty() || selected.iter().any(|place| is_named(&pool.items()[*place])) {
        return;
    }
    let others = pool.named(&named.name);
    let items = pool.items();
    let is_there = others.iter().any(|place| is_named(&items[*place]));
    let is_near = |item: &Item| {
        let name = item.original().name.as_str();
        let is_of_kind = item.id.gvk.kind == named.gvk.kind;
        let is_other_kind = || named.name == name && Schema::is_built_in(&named.gvk);
        pattern.names_one() && if is_of_kind { nearest(&named.name, [name]).is_some() } else { is_other_kind() }
    };
    let [first, rest @ ..] = selected else { return };
    let first = &items[*first];
    if is_there || (rest.is_empty() && is_near(first)) {
        let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        let message = format!(
            "the patch says `{named}`, and its target is `{}`{more}: kustomize looks at the target alone",
            first.id
        );
        let at = patch.node.at(["metadata", "name"]).map_or_else(|| patch.at.clone(), |name| patch.place_of(name.span));
        session.warn(&UNEXPECTED, message, &at, "let both say the same");
    }
}

/// `` 2 elements (`a`, `b`) and 1 field (`port` of `c`) ``.
fn lost(elements: &[Text], fields: &[(Text, String)], left_out: usize) -> String {
    let elements = counted("element", elements.len(), elements.iter().map(|name| format!("`{name}`")));
    let fields = counted("field", left_out, fields.iter().map(|(name, path)| format!("`{path}` of `{name}`")));
    elements.into_iter().chain(fields).collect::<Vec<_>>().join(" and ")
}

fn counted(what: &str, count: usize, names: impl Iterator<Item = String>) -> Option<String> {
    let names: Vec<String> = names.take(MOST).collect();
    let plural = if count == 1 { "" } else { "s" };
    let more = if count > MOST { ", …" } else { "" };
    (count > 0).then(|| format!("{count} {what}{plural} ({}{more})", names.join(", ")))
}

/// The edits by which a list keeps what it has.
fn edits(path: &str, id: &ResourceId, key: &str) -> String {
    let schema = if Schema::is_built_in(&id.gvk) || key.is_empty() {
        String::new()
    } else {
        format!(
            ", or name a schema with `openapi` that gives the list `x-kubernetes-patch-merge-key: {key}` and \
             `x-kubernetes-patch-strategy: merge`"
        )
    };
    let numbers =
        if path.contains("/N/") { ", with the number that the element has in the object for `N`" } else { "" };
    format!(
        "repeat here what is to stay, or use a JSON 6902 patch: `op: add`, `path: {path}/-` for one element more, \
         `op: replace`, `path: {path}` for another list{numbers}{schema}"
    )
}

fn has_list(node: &Node) -> bool {
    match &node.value {
        Value::Sequence(_) => true,
        Value::Mapping(map) => map.iter().any(|(_, value)| has_list(value)),
        Value::Scalar(_) => false,
    }
}

/// Notes the first way to each of some values, as a JSON pointer with `N` for the number of an element, which is another one in the
/// object.
fn note_ways<'n>(node: &'n Node, way: &mut Vec<&'n str>, ways: &mut IndexMap<Span, Option<String>>) {
    let children: &mut dyn Iterator<Item = (&str, &Node)> = match &node.value {
        Value::Mapping(map) => &mut map.iter(),
        Value::Sequence(list) => &mut list.iter().map(|value| ("N", value)),
        Value::Scalar(_) => return,
    };
    for (step, value) in children {
        way.push(step);
        if let Some(unknown @ None) = ways.get_mut(&value.span) {
            *unknown =
                Some(way.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect());
        }
        note_ways(value, way, ways);
        way.pop();
    }
}
