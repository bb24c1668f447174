//! `configMapGenerator` and `secretGenerator`.

use std::collections::BTreeMap;

use base64::Engine as _;
use indexmap::IndexMap;
use stack_krm::yaml::{Entry, Mapping, Node, Text, Value};
use stack_source::{Diagnostic, Locus, proposal};

use crate::error::Result;
use crate::item::Item;
use crate::kustomization::{ConfigMapArgs, GeneratorOptions, SecretArgs};
use crate::kyaml::{NO_TEXT, block_text, plain_key, string, text_of};
use crate::layer::Session;
use crate::load::Place;
use crate::pool::Pool;
use crate::rules::{GENERATOR_BEHAVIOR, INVALID_GENERATOR, UNEXPECTED};

mod sources;

pub(crate) use sources::Sources;

/// What happens to the object of the same id that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behavior {
    Create,
    Merge,
    Replace,
}

/// The words for what happens.
const BEHAVIORS: [(&str, Behavior); 4] =
    [("create", Behavior::Create), ("merge", Behavior::Merge), ("replace", Behavior::Replace), ("", Behavior::Create)];

/// A generated object on its way into the pool.
pub(crate) struct Generated {
    pub(crate) item: Item,
    pub(crate) behavior: Behavior,
    /// What it says that is hardly meant.
    pub(crate) notes: Vec<Note>,
}

/// Something that is hardly meant, and the edit.
pub(crate) struct Note {
    pub(crate) message: String,
    pub(crate) help: String,
    pub(crate) at: Locus,
}

/// Where a field of a generator stands, or an element of its list.
pub(crate) type Where<'w> = &'w dyn Fn(&'static str, Option<usize>) -> Locus;

/// The options of a generator, filled up with those of the kustomization.
fn options(own: Option<&GeneratorOptions>, shared: Option<&GeneratorOptions>) -> GeneratorOptions {
    let mut options = own.cloned().unwrap_or_default();
    if let Some(shared) = shared {
        let fill = |own: &mut IndexMap<String, String>, shared: &IndexMap<String, String>| {
            for (key, value) in shared {
                own.entry(key.clone()).or_insert_with(|| value.clone());
            }
        };
        fill(&mut options.labels, &shared.labels);
        fill(&mut options.annotations, &shared.annotations);
        options.disable_name_suffix_hash |= shared.disable_name_suffix_hash;
        options.immutable |= shared.immutable;
    }
    options
}

/// Makes a `ConfigMap`.
pub(crate) fn config_map(
    args: &ConfigMapArgs,
    shared: Option<&GeneratorOptions>,
    place: &Place<'_>,
    at: &Locus,
    of: Where<'_>,
) -> Result<Generated> {
    let sources = Sources { literals: &args.literals, files: &args.files, envs: &args.envs, env: &args.env };
    let mut data = Mapping::new();
    let mut binary = Mapping::new();
    let mut notes = Vec::new();
    for (key, value) in entries(&sources, &args.name, place, (at, of), &mut notes)? {
        let (map, text) = match String::from_utf8(value) {
            Ok(text) => (&mut data, text),
            Err(error) => (&mut binary, wrapped_base64(error.as_bytes())),
        };
        // Each key is there once.
        map.entries.push(Entry { key: plain_key(&key.into()), value: block_text(&text.into()) });
    }
    let mut object = base("ConfigMap", &args.name, &args.namespace, at)?;
    for (field, map) in [("data", data), ("binaryData", binary)] {
        if !map.is_empty() {
            object.insert(field, Value::Mapping(map).into());
        }
    }
    let behavior = behavior(&args.behavior, of, &mut notes);
    let item = finish(object, &options(args.options.as_ref(), shared), at);
    Ok(Generated { item, behavior, notes })
}

/// Makes a `Secret`.
pub(crate) fn secret(
    args: &SecretArgs,
    shared: Option<&GeneratorOptions>,
    place: &Place<'_>,
    at: &Locus,
    of: Where<'_>,
) -> Result<Generated> {
    let sources = Sources { literals: &args.literals, files: &args.files, envs: &args.envs, env: &args.env };
    let mut notes = Vec::new();
    let entries = entries(&sources, &args.name, place, (at, of), &mut notes)?;
    let data: Mapping = entries
        .into_iter()
        .map(|(key, value)| (plain_key(&key.into()), block_text(&wrapped_base64(&value).into())))
        .collect();
    let mut object = base("Secret", &args.name, &args.namespace, at)?;
    let kind = if args.type_.is_empty() { "Opaque" } else { args.type_.as_str() };
    object.insert("type", Node::string(kind));
    object.insert("data", Value::Mapping(data).into());
    let behavior = behavior(&args.behavior, of, &mut notes);
    let item = finish(object, &options(args.options.as_ref(), shared), at);
    Ok(Generated { item, behavior, notes })
}

fn entries(
    sources: &Sources<'_>,
    name: &str,
    place: &Place<'_>,
    (at, of): (&Locus, Where<'_>),
    notes: &mut Vec<Note>,
) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut entries = BTreeMap::new();
    for (key, value) in sources.read(place, of, notes)? {
        if entries.insert(key.clone(), value).is_some() {
            let message = format!("`{name}` gets the key `{key}` twice");
            return Err(Diagnostic::new(&INVALID_GENERATOR, message).at(at.clone()).into());
        }
    }
    Ok(entries)
}

fn base(kind: &'static str, name: &str, namespace: &str, at: &Locus) -> Result<Mapping> {
    if name.is_empty() {
        let message = format!("a generated {kind} needs a name");
        return Err(Diagnostic::new(&INVALID_GENERATOR, message).at(at.clone()).help("add `name: …`").into());
    }
    let mut metadata = Mapping::new();
    metadata.insert("name", string(&name.into()));
    if !namespace.is_empty() {
        metadata.insert("namespace", string(&namespace.into()));
    }
    Ok([
        ("apiVersion", Node::string("v1")),
        ("kind", Node::string(kind)),
        ("metadata", Value::Mapping(metadata).into()),
    ]
    .into_iter()
    .collect())
}

/// Whatever is no known word means `create`, as in kustomize.
fn behavior(word: &str, of: Where<'_>, notes: &mut Vec<Note>) -> Behavior {
    if let Some((_, behavior)) = BEHAVIORS.iter().find(|(known, _)| *known == word) {
        return *behavior;
    }
    let words = BEHAVIORS.iter().map(|(word, _)| *word).filter(|word| !word.is_empty());
    let message = format!("kustomize does not know the behavior `{word}`, and takes it for `create`");
    notes.push(Note { message, help: proposal(word, words).unwrap_or_default(), at: of("behavior", None) });
    Behavior::Create
}

fn finish(mut object: Mapping, options: &GeneratorOptions, at: &Locus) -> Item {
    if options.immutable {
        object.insert("immutable", Node::bool(true));
    }
    let mut item = Item::new(Value::Mapping(object).into(), at.clone());
    for (field, texts) in [("labels", &options.labels), ("annotations", &options.annotations)] {
        let texts: Vec<(Text, Text)> = texts.iter().map(|(key, value)| (key.into(), value.into())).collect();
        if !texts.is_empty() {
            item.set_texts(field, texts.iter().map(|(key, value)| (key, value)));
        }
    }
    item.is_generated = true;
    item.wants_hash = !options.disable_name_suffix_hash;
    item
}

/// Base64 as kustomize writes it: lines of 70 characters, each with a line break, once there is more than one.
fn wrapped_base64(bytes: &[u8]) -> String {
    const LINE: usize = 70;
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
    if encoded.len() < LINE {
        return encoded;
    }
    let mut wrapped = String::with_capacity(encoded.len() + encoded.len() / LINE + 1);
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, behind) = rest.split_at(LINE.min(rest.len()));
        wrapped.push_str(line);
        wrapped.push('\n');
        rest = behind;
    }
    wrapped
}

/// Brings a generated object into the pool: as a new one, or in the place of the one that it changes.
pub(crate) fn absorb(pool: &mut Pool, generated: Generated, session: &mut Session) -> Result<()> {
    let Generated { item, behavior, notes } = generated;
    for note in notes {
        session.warn(&UNEXPECTED, note.message, &note.at, &note.help);
    }
    let places = pool.ever(&item.id);
    let refuse = |message: String, item: &Item, help: &str| {
        Err(Diagnostic::new(&GENERATOR_BEHAVIOR, message).at(item.at.clone()).help(help).into())
    };
    match (places.as_slice(), behavior) {
        ([], Behavior::Create) => pool.append(item),
        ([], Behavior::Merge | Behavior::Replace) => {
            let message = format!("there is no `{}` to merge with or to replace", item.id);
            refuse(message, &item, "take `behavior` out, or list what makes the object under `resources`")
        }
        ([place], Behavior::Merge | Behavior::Replace) => {
            let old = pool.item_mut(*place).clone();
            if item.wants_hash && !old.is_generated {
                let message = format!("`{}` gets no hash suffix: no generator has made what this one changes", item.id);
                session.warn(
                    &UNEXPECTED,
                    message,
                    &item.at,
                    "make it with a generator, or set `disableNameSuffixHash`",
                );
            }
            pool.replace(*place, combined(item, &old, behavior));
            Ok(())
        }
        ([_], Behavior::Create) => {
            let message = format!("there is a `{}` already", item.id);
            refuse(message, &item, "add `behavior: merge` or `behavior: replace`")
        }
        _ => {
            let message = format!("there is more than one `{}` that this could change", item.id);
            refuse(message, &item, "give the generator a name of its own")
        }
    }
}

fn combined(mut new: Item, old: &Item, behavior: Behavior) -> Item {
    for field in ["labels", "annotations"] {
        let merged = merged_texts(old.texts(field), new.texts(field));
        new.set_texts(field, merged.iter());
    }
    if behavior == Behavior::Merge {
        for field in ["data", "binaryData"] {
            let merged = merged_texts(entries_of(&old.node, field), entries_of(&new.node, field));
            let map = merged.iter().map(|(key, value)| (plain_key(key), block_text(value)));
            let map: Mapping = map.collect();
            if let Some(object) = new.node.as_mapping_mut() {
                object.remove(field);
                if !map.is_empty() {
                    object.insert(field, Value::Mapping(map).into());
                }
            }
        }
        if old.provenance.origin.is_some() {
            new.provenance.origin.clone_from(&old.provenance.origin);
        }
    }
    new.provenance.transformations.clone_from(&old.provenance.transformations);
    new.set_name(&old.id.name);
    new.set_namespace(&old.id.namespace);
    new.wants_hash &= old.wants_hash;
    new.former.clone_from(&old.former);
    new.prefixes.clone_from(&old.prefixes);
    new.suffixes.clone_from(&old.suffixes);
    new.variables.clone_from(&old.variables);
    new.refresh();
    new
}

fn entries_of<'n>(node: &'n Node, field: &str) -> impl Iterator<Item = (&'n Text, &'n Text)> {
    let map = node.get(field).and_then(Node::as_mapping);
    let text = |value: &'n Node| if value.is_null() { &NO_TEXT } else { text_of(value) };
    map.into_iter().flat_map(|map| &map.entries).map(move |entry| (&entry.key.scalar.text, text(&entry.value)))
}

fn merged_texts<'t>(
    old: impl Iterator<Item = (&'t Text, &'t Text)>,
    new: impl Iterator<Item = (&'t Text, &'t Text)>,
) -> BTreeMap<Text, Text> {
    old.chain(new).map(|(key, value)| (key.clone(), value.clone())).collect()
}
