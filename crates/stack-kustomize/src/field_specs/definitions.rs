//! Files that `crds` lists: `OpenAPI` definitions whose extensions say which fields are references.

use stack_krm::Gvk;
use stack_krm::yaml::{Limits, Mapping, Node, read};
use stack_source::{Diagnostic, Locus, TreePath};

use super::{Configuration, Spec, merge_one};
use crate::error::Result;
use crate::rules::INVALID_YAML;

/// A property with one of these is a field for one of the lists.
const ANNOTATIONS: &str = "x-kubernetes-annotation";
const LABELS: &str = "x-kubernetes-label-selector";
const NAME: &str = "x-kubernetes-identity";
const REFERENCE_VERSION: &str = "x-kubernetes-object-ref-api-version";
const REFERENCE_KIND: &str = "x-kubernetes-object-ref-kind";
const REFERENCE_KEY: &str = "x-kubernetes-object-ref-name-key";

/// Reads a file of definitions.
pub(crate) fn read_definitions(path: &TreePath, text: &str) -> Result<Configuration> {
    let at = |span| Locus::in_file(path.clone(), span);
    let documents = read(text, &Limits::default())
        .map_err(|error| Diagnostic::new(&INVALID_YAML, error.message).at(at(error.span)).maybe_help(error.help))?;
    let root = documents.into_iter().next().map_or_else(Node::null, |document| document.root);
    let mut found = Configuration::default();
    let Some(definitions) = root.as_mapping() else {
        let message = format!("expected a map of definitions, found {}", root.kind());
        return Err(Diagnostic::new(&INVALID_YAML, message).at(at(root.span)).into());
    };
    for (name, definition) in definitions.iter() {
        let properties = properties(definition);
        let is_object = |field| properties.is_some_and(|properties| properties.get(field).is_some());
        if ["kind", "apiVersion", "metadata"].into_iter().all(is_object) {
            let kind = name.rsplit('.').next().unwrap_or(name);
            let mut definitions =
                Definitions { all: definitions, gvk: Gvk::of_kind(kind), at: at(definition.span), open: Vec::new() };
            definitions.collect(name, "", &mut found)?;
        }
    }
    found.sort();
    Ok(found)
}

fn properties(definition: &Node) -> Option<&Mapping> {
    definition
        .at(["Schema", "properties"])
        .or_else(|| definition.at(["schema", "properties"]))
        .and_then(Node::as_mapping)
}

struct Definitions<'a> {
    all: &'a Mapping,
    gvk: Gvk,
    at: Locus,
    /// Definitions that are being looked into: one that contains itself would have no end.
    open: Vec<&'a str>,
}

impl<'a> Definitions<'a> {
    fn collect(&mut self, name: &'a str, path: &str, found: &mut Configuration) -> Result<()> {
        let Some(properties) = self.all.get(name).and_then(properties) else { return Ok(()) };
        if self.open.contains(&name) {
            return Ok(());
        }
        self.open.push(name);
        for (field, property) in properties.iter() {
            let path = if path.is_empty() { field.to_owned() } else { format!("{path}/{field}") };
            self.property(property, &path, found)?;
            if let Some(reference) = property.get("$ref").and_then(Node::as_str) {
                self.collect(reference, &path, found)?;
            }
        }
        self.open.pop();
        Ok(())
    }

    fn property(&self, property: &Node, path: &str, found: &mut Configuration) -> Result<()> {
        let spec = |path: &str| Spec::new(self.gvk.clone(), path, false);
        let says = |extension| property.get(extension).and_then(Node::as_str);
        let lists = [
            (ANNOTATIONS, &mut found.common_annotations),
            (LABELS, &mut found.common_labels),
            (NAME, &mut found.name_prefix),
        ];
        for (extension, list) in lists {
            if says(extension).is_some() {
                merge_one(list, &spec(path), &self.at)?;
            }
        }
        if let (Some(version), Some(kind)) = (says(REFERENCE_VERSION), says(REFERENCE_KIND)) {
            let field = spec(&format!("{path}/{}", says(REFERENCE_KEY).unwrap_or("name")));
            let gvk = Gvk::new("", version, kind);
            match found.name_reference.iter_mut().find(|(known, _)| *known == gvk) {
                Some((_, specs)) => merge_one(specs, &field, &self.at)?,
                None => found.name_reference.push((gvk, vec![field])),
            }
        }
        Ok(())
    }
}
