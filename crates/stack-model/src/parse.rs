//! The author's language: `stack.yaml` becomes a [`Stack`], with a place for every value and all faults at once.
//!
//! [`parse`] reads a stack. What overlays share with it is public too: a [`Reader`] over one file, the [`Fields`] of a map, and
//! the parts of the vocabulary that both speak, [`service`] and [`cluster`].
//!
//! What a type can hold is judged here, what only the whole stack can tell by [`Stack::check`].

use indexmap::IndexMap;
use stack_krm::DnsSubdomain;
use stack_krm::yaml::Node;
use stack_source::{FileTree, Report, TreePath};

use crate::{Secret, Stack};

pub mod rule;

mod build;
mod cluster;
mod component;
mod expose;
mod external;
mod fields;
mod port;
mod probe;
mod reader;
mod relation;
mod scale;
mod secret;
mod service;
mod value;
mod volume;

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
    let (mut reader, root) = Reader::open(files, path)?;
    let stack = reader.fields(&root, "a stack", |fields| {
        let at = fields.entry("stack").map(|entry| fields.reader.at(entry.key.span)).unwrap_or_default();
        let mut stack = Stack {
            name: fields.require("stack", Reader::text).unwrap_or_default(),
            description: fields.read("description", Reader::text),
            version: fields.read("version", Reader::text),
            externals: fields
                .read("externals", |reader, node| {
                    reader.map(node, "a map of who and what is outside, as `{user: person}`", external::external)
                })
                .unwrap_or_default(),
            secrets: fields.read("secrets", secrets).unwrap_or_default(),
            services: fields
                .read("services", |reader, node| {
                    let wanted = "a map of services by name";
                    let services =
                        reader.map(node, wanted, |reader, key, node| service::declared(reader, key.span, node))?;
                    Some(services.into_iter().map(|(name, service)| (name.into(), service)).collect())
                })
                .unwrap_or_default(),
            cluster: fields.read("cluster", cluster).unwrap_or_default(),
            at,
            ..Stack::default()
        };
        stack.environment.namespace = fields.read("namespace", Reader::name);
        stack
    });
    reader.finish(stack)
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
