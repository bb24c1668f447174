//! The author's language: `stack.yaml` becomes a [`Stack`], with a place for every value and all faults at once.
//!
//! [`parse`] reads a stack, [`parse_given`] one with values of an installer. What overlays share with it is public too: a [`Reader`] over one file, the [`Fields`] of a map, and
//! the parts of the vocabulary that both speak, [`service`] and [`cluster`].
//!
//! What a type can hold is judged here, what only the whole stack can tell by [`Stack::check`].

use std::sync::Arc;

use indexmap::IndexMap;
use stack_krm::DnsSubdomain;
use stack_krm::yaml::Node;
use stack_source::{FileTree, Report, TreePath};

use crate::{Given, Secret, Stack};

pub mod rule;

mod build;
mod chart;
mod cluster;
mod component;
mod expose;
mod external;
mod fields;
mod given;
mod grant;
mod namespace;
mod port;
mod probe;
mod reader;
mod relation;
mod scale;
mod secret;
mod service;
mod value;
mod volume;
mod workload;

pub use cluster::cluster;
pub use fields::Fields;
pub use reader::Reader;
pub use service::partial as service;
pub use value::proposed_name;

/// Reads a stack from its YAML file.
///
/// ```
/// use stack_source::{FileTree, TreePath};
///
/// let path = TreePath::new("stack.yaml").unwrap();
/// let mut files = FileTree::new();
/// files.insert(path.clone(), "\
/// stack: hello
/// services:
///   web:
///     image: nginxinc/nginx-unprivileged:1.29.3-alpine
///     ports: {http: 8080}
///     probes: /
///     user: 101
/// ");
/// let stack = stack_model::parse(&files, &path).unwrap();
/// assert_eq!(stack.services["web"].ports["http"].container, 8080);
///
/// files.insert(path.clone(), "stack: hello\nservices: {web: {port: {http: 8080}}}\n");
/// let report = stack_model::parse(&files, &path).unwrap_err();
/// assert!(report.render(&files, false).contains("did you mean `ports`?"));
/// ```
pub fn parse(files: &FileTree, path: &TreePath) -> Result<Stack, Report> {
    parse_given(files, path, &Given::new())
}

/// Reads a stack from its YAML file, with these values given.
///
/// ```
/// use stack_model::Given;
/// use stack_source::{FileTree, TreePath};
///
/// let path = TreePath::new("stack.yaml").unwrap();
/// let mut files = FileTree::new();
/// files.insert(path.clone(), "\
/// stack: hello
/// values: {version: {about: the release that runs}}
/// services: {web: {image: hello:<value.version>}}
/// ");
/// let stack = stack_model::parse::parse_given(&files, &path, &Given::new().value("version", "1.2")).unwrap();
/// assert_eq!(stack.services["web"].image.as_ref().and_then(|image| image.as_text()), Some("hello:1.2"));
/// ```
pub fn parse_given(files: &FileTree, path: &TreePath, given: &Given) -> Result<Stack, Report> {
    let (mut reader, mut root) = Reader::open(files, path)?;
    let values = given::values(&mut reader, root.get("values"), given);
    reader.give(&values, given, &mut root);
    let stack = reader.fields(&root, "a stack", |fields| {
        let _ = fields.entry("values");
        let at = fields.entry("stack").map(|entry| fields.reader.at(entry.key.span)).unwrap_or_default();
        let mut stack = Stack {
            name: fields.require("stack", Reader::text).unwrap_or_default(),
            description: fields.read("description", Reader::text),
            version: fields.read("version", Reader::text),
            externals: fields
                .read("externals", |reader, node| {
                    reader.map_all(node, "a map of who and what is outside, as `{user: person}`", external::external)
                })
                .unwrap_or_default(),
            secrets: fields.read("secrets", secrets).unwrap_or_default(),
            services: fields
                .read("services", |reader, node| {
                    let wanted = "a map of services, as `{web: {image: NAME:TAG}}`";
                    let services =
                        reader.map(node, wanted, |reader, key, node| service::declared(reader, key.span, node))?;
                    Some(services.into_iter().map(|(name, service)| (name.into(), Arc::new(service))).collect())
                })
                .unwrap_or_default(),
            cluster: fields.read("cluster", cluster).unwrap_or_default(),
            objects: fields.read("objects", chart::objects).unwrap_or_default(),
            values,
            at,
            ..Stack::default()
        };
        fields.refuse_several(&["namespace", "namespaces"]);
        fields.refuse_several(&["services", "namespaces"]);
        stack.environment.namespace = fields.read("namespace", Reader::name);
        fields.read("namespaces", |reader, node| namespace::namespaces(reader, node, &mut stack));
        stack
    });
    reader.finish(stack)
}

/// The values without which a stack cannot be read: those that have no default. What is wrong with them is left to [`parse`].
pub fn required_values(files: &FileTree, path: &TreePath) -> Vec<String> {
    let Ok((_, root)) = Reader::open(files, path) else { return Vec::new() };
    let values = root.get("values").and_then(Node::as_mapping);
    let rows = values.into_iter().flat_map(stack_krm::yaml::Mapping::iter);
    rows.filter(|(_, value)| value.get("default").is_none()).map(|(name, _)| name.to_owned()).collect()
}

/// Secrets that no component brings, by name.
fn secrets(reader: &mut Reader<'_>, node: &Node) -> Option<IndexMap<DnsSubdomain, Secret>> {
    let mut secrets = IndexMap::new();
    reader.map(node, "a map of Secrets, as `{api-keys: [openai]}`", |reader, key, node| {
        let name = reader.key(key);
        let keys = secret::keys(reader, node);
        secrets.insert(name?, keys?);
        Some(())
    })?;
    Some(secrets)
}
