//! An overlay's YAML file becomes an [`Overlay`].

use indexmap::IndexMap;
use stack_krm::yaml::Node;
use stack_model::parse::rule::WRONG_KIND;
use stack_model::parse::{Fields, Reader, cluster, service};
use stack_model::rule::UNKNOWN_SERVICE;
use stack_model::{Given, PodSecurity, PullPolicy, Service, ServiceId, Setting, Stack, Storage};
use stack_source::{FileTree, Report, TreePath, meant};

use crate::overlay::forward;
use crate::{ImageRules, Overlay, PullRules, Said, profile, rule};

mod patch;
mod secret;

/// The values that an overlay gives: an environment is the stack read with them, and then what else the overlay says.
///
/// What is wrong with the file is left to [`parse`].
pub fn values(files: &FileTree, path: &TreePath) -> Given {
    let Ok((mut reader, root)) = Reader::open(files, path) else { return Given::new() };
    root.get("values").and_then(|node| given(&mut reader, node)).unwrap_or_default()
}

/// `{image: registry.example.com/app:1.0, host: null}`
fn given(reader: &mut Reader<'_>, node: &Node) -> Option<Given> {
    let mut given = Given::new();
    reader.map(node, "a map of values, as `{host: app.example.com}`", |reader, key, node| {
        let at = reader.at(if node.is_null() { key.span } else { node.span });
        let setting = if node.is_null() { Setting::Absent } else { Setting::Text(reader.text(node)?) };
        given = std::mem::take(&mut given).set(key.as_str(), setting, at);
        Some(())
    })?;
    Some(given)
}

/// Reads an overlay of a stack from its YAML file, with the profile that it extends below it.
///
/// The stack says which component a service is of, and so which keys it takes.
pub fn parse(files: &FileTree, path: &TreePath, stack: &Stack) -> Result<Overlay, Report> {
    overlay(files, path, Some(stack))
}

/// What is wrong with an overlay whatever its stack is, to be said beside the faults of a stack that cannot be read. Changes of
/// services are left out: which keys they take, only the stack knows.
pub fn faults(files: &FileTree, path: &TreePath) -> Report {
    overlay(files, path, None).err().unwrap_or_default()
}

fn overlay(files: &FileTree, path: &TreePath, stack: Option<&Stack>) -> Result<Overlay, Report> {
    let (mut reader, root) = Reader::open(files, path)?;
    let overlay = reader.fields(&root, "an overlay", |fields| {
        let name = fields.require("overlay", said).unwrap_or_default();
        let extends = fields.read("extends", extended);
        let own = Overlay {
            services: fields.read("services", |r, node| services(r, node, stack?)).unwrap_or_default(),
            values: fields.read("values", given).unwrap_or_default(),
            ..decisions(fields, name)
        };
        match extends {
            Some(profile) => own.extends(profile),
            None => own,
        }
    });
    reader.finish(overlay)
}

/// Reads a profile, which changes no services.
pub(crate) fn profile(files: &FileTree, path: &TreePath) -> Result<Overlay, Report> {
    let (mut reader, root) = Reader::open(files, path)?;
    let profile = reader.fields(&root, "a profile", |fields| {
        let name = fields.require("profile", said).unwrap_or_default();
        decisions(fields, name)
    });
    reader.finish(profile)
}

const STORAGES: &[(&str, Storage)] = &[("claims", Storage::Claims), ("ephemeral", Storage::Ephemeral)];

const LEVELS: &[(&str, PodSecurity)] = &[("baseline", PodSecurity::Baseline), ("restricted", PodSecurity::Restricted)];

/// What an environment decides for the whole stack.
fn decisions(fields: &mut Fields<'_, '_, '_>, name: Said<String>) -> Overlay {
    Overlay {
        name,
        values: Given::new(),
        extends: None,
        prefix: fields.read("prefix", affix),
        suffix: fields.read("suffix", affix),
        namespace: fields.read("namespace", said),
        labels: fields.read("labels", said_by_name).unwrap_or_default(),
        pull: fields.read("pull", pull).unwrap_or_default(),
        storage: fields.read("storage", |reader, node| reader.word(node, "a place for claims", STORAGES)),
        images: fields.read("images", images).unwrap_or_default(),
        secrets: fields.read("secrets", secret::secrets).unwrap_or_default(),
        replicated: fields.read("replicated", Reader::flag),
        pod_security: fields.read("pod-security", |reader, node| reader.word(node, "a Pod Security level", LEVELS)),
        forward: fields.read("forward", forwards).unwrap_or_default(),
        cluster: fields.read("cluster", cluster).unwrap_or_default(),
        services: IndexMap::new(),
        patches: fields.read("patches", patch::patches).unwrap_or_default(),
    }
}

fn said(reader: &mut Reader<'_>, node: &Node) -> Option<Said<String>> {
    Some(Said { value: reader.text(node)?, at: reader.at(node.span) })
}

fn said_by_name(reader: &mut Reader<'_>, node: &Node) -> Option<IndexMap<String, Said<String>>> {
    reader.map(node, "a map, as `{NAME: value}`", |reader, _, node| said(reader, node))
}

/// A prefix or suffix; `none` takes the profile's away.
fn affix(reader: &mut Reader<'_>, node: &Node) -> Option<Said<String>> {
    let mut affix = said(reader, node)?;
    if affix.value == "none" {
        affix.value.clear();
    }
    Some(affix)
}

fn extended(reader: &mut Reader<'_>, node: &Node) -> Option<Overlay> {
    let name = &reader.scalar(node, "the name of a profile")?;
    let found = profile::named(name);
    if found.is_none() {
        let names = profile::PROFILES.map(|(name, _)| name);
        reader.unknown_word(&rule::UNKNOWN_PROFILE, node, name, "a profile", names.into_iter());
    }
    found
}

fn pull(reader: &mut Reader<'_>, node: &Node) -> Option<PullRules> {
    reader.fields(node, "pull policies", |fields| {
        let mut policy =
            |key| fields.read(key, |reader, node| reader.word(node, "a pull policy", &PullPolicy::words()));
        PullRules { built: policy("built"), pulled: policy("pulled") }
    })
}

fn images(reader: &mut Reader<'_>, node: &Node) -> Option<ImageRules> {
    reader.fields(node, "images", |fields| ImageRules {
        registry: fields.read("registry", said),
        tag: fields.read("tag", Reader::text),
        digests: fields.read("digests", said_by_name).unwrap_or_default(),
        exact: fields.read("exact", Reader::flag),
    })
}

/// `[redis, qdrant.http, {postgres: 15432}]`, or a map from targets to local ports.
fn forwards(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<stack_model::Forward>> {
    let mapped = |reader: &mut Reader<'_>, node: &Node| {
        let forwards = reader.map(node, "a map, as `{postgres: 15432}`", |reader, key, node| {
            Some(forward(key.as_str(), Some(reader.port_number(node)?), reader.at(key.span)))
        });
        forwards.map(|forwards| forwards.into_values().collect::<Vec<_>>())
    };
    if node.as_mapping().is_some() {
        return mapped(reader, node);
    }
    let wanted = "a list of services, as `[redis, qdrant.http, {postgres: 15432}]`";
    let lists = reader.list(node, wanted, |reader, item| {
        if item.as_mapping().is_some() {
            return mapped(reader, item);
        }
        let target = &reader.scalar(item, "a service, as `redis` or `qdrant.http`")?;
        if let Some(help) = elsewhere(target) {
            let message = format!("`{target}` is no service with its local port");
            reader.fault(&WRONG_KIND, item.span, message, help);
            return None;
        }
        Some(vec![forward(target, None, reader.at(item.span))])
    });
    lists.map(|lists| lists.into_iter().flatten().collect())
}

/// What to write in place of `postgres:15432`, and of Compose's `8080` and `8080:80`, which name no service.
fn elsewhere(target: &str) -> Option<String> {
    let (first, second) = target.split_once(':').unwrap_or((target, ""));
    if first.parse::<u16>().is_ok() {
        return Some(format!("write `SERVICE` for its own port, or `{{SERVICE: {first}}}` for this local one"));
    }
    target.contains(':').then(|| format!("write `{{{first}: {}}}`", if second.is_empty() { "8080" } else { second }))
}

/// Changes of services, each by the keys of its component.
fn services(reader: &mut Reader<'_>, node: &Node, stack: &Stack) -> Option<IndexMap<String, Service>> {
    reader.map(node, "a map of services, as `{web: {replicas: 2}}`", |reader, key, node| {
        let name = key.as_str();
        let Some((_, known)) = stack.service(name) else {
            let help = meant(name, stack.services.keys().map(ServiceId::as_str));
            let message = format!("the overlay changes `{name}`, which this stack does not have");
            reader.fault(&UNKNOWN_SERVICE, key.span, message, help);
            return None;
        };
        service(reader, key.span, node, known.component.as_ref())
    })
}
