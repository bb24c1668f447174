//! Files that `crds` lists: `OpenAPI` definitions whose extensions say which fields are references.

use stack_krm::Gvk;
use stack_krm::yaml::{Mapping, Node};
use stack_source::{Diagnostic, Locus, Report, TreePath};

use super::{Configuration, Spec, merge_one};
use crate::depth;
use crate::documents::only_document;
use crate::error::Result;
use crate::json_text;
use crate::rules::{CONFIGURATION, INVALID_YAML};

/// A property with one of these is a field for one of the lists.
const ANNOTATIONS: &str = "x-kubernetes-annotation";
const LABELS: &str = "x-kubernetes-label-selector";
const NAME: &str = "x-kubernetes-identity";
const REFERENCE_VERSION: &str = "x-kubernetes-object-ref-api-version";
const REFERENCE_KIND: &str = "x-kubernetes-object-ref-kind";
const REFERENCE_KEY: &str = "x-kubernetes-object-ref-name-key";

/// What the fields of a file may take: [`FIELD`] and the length of its path for each field, as often as it is met. Definitions that
/// refer to each other twice have twice as many fields on every level, so that forty of them would never end.
const ROOM: usize = 128 << 20;
const FIELD: usize = 64;

/// Reads a file of definitions; what kustomize leaves out of it goes to the warnings.
pub(crate) fn read_definitions(path: &TreePath, text: &str, warnings: &mut Report) -> Result<Configuration> {
    let at = |span| Locus::in_file(path.clone(), span);
    let text = json_text::definitions(text)
        .map_err(|error| Diagnostic::new(&INVALID_YAML, error.message).at(at(error.span)).maybe_help(error.help))?;
    let document = only_document(path, &text, warnings)?;
    let mut root = document.map_or_else(Node::null, |document| document.root);
    root.keep_last_of_equal_keys();
    let mut found = Configuration::default();
    let mut room = ROOM;
    if root.is_null() {
        return Ok(found);
    }
    let Some(definitions) = root.as_mapping() else {
        let message = format!("expected a map of definitions, found {}", root.kind());
        return Err(Diagnostic::new(&INVALID_YAML, message).at(at(root.span)).into());
    };
    if root.get("kind").and_then(Node::as_str) == Some("CustomResourceDefinition") {
        let message = "a file of definitions has the schemas of types by their names, and this is an object";
        let help = "list it under `resources`, and what names other objects in that type with `configurations`";
        return Err(Diagnostic::new(&INVALID_YAML, message).at(at(root.span)).help(help).into());
    }
    let is_none = |definition: &&Node| definition.as_mapping().is_none() && !definition.is_null();
    if let Some(definition) = definitions.iter().map(|(_, definition)| definition).find(is_none) {
        let message = format!("expected a definition, found {}", definition.kind());
        return Err(Diagnostic::new(&INVALID_YAML, message).at(at(definition.span)).into());
    }
    for (name, definition) in definitions.iter() {
        let properties = properties(definition);
        let is_object = |field| properties.is_some_and(|properties| properties.get(field).is_some());
        if ["kind", "apiVersion", "metadata"].into_iter().all(is_object) {
            let kind = name.rsplit('.').next().unwrap_or(name);
            let mut definitions = Definitions {
                all: definitions,
                gvk: Gvk::of_kind(kind),
                at: at(definition.span),
                open: Vec::new(),
                room: &mut room,
            };
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
    room: &'a mut usize,
}

impl<'a> Definitions<'a> {
    fn collect(&mut self, name: &'a str, path: &str, found: &mut Configuration) -> Result<()> {
        let Some(properties) = self.all.get(name).and_then(properties) else { return Ok(()) };
        if self.open.contains(&name) {
            return Ok(());
        }
        self.open.push(name);
        depth::check_levels(self.open.len()).map_err(|why| self.refuse(&why))?;
        for (field, property) in properties.iter() {
            let path = if path.is_empty() { field.to_owned() } else { format!("{path}/{field}") };
            self.spend(FIELD + path.len())?;
            self.property(property, &path, found)?;
            if let Some(reference) = property.get("$ref").and_then(Node::as_str) {
                self.collect(reference, &path, found)?;
            }
        }
        self.open.pop();
        Ok(())
    }

    fn spend(&mut self, cost: usize) -> Result<()> {
        *self.room = self.room.checked_sub(cost).ok_or_else(|| self.refuse("they stand for too many fields"))?;
        Ok(())
    }

    fn refuse(&self, why: &str) -> crate::BuildError {
        Diagnostic::new(&CONFIGURATION, format!("the definitions refer to each other too often: {why}"))
            .at(self.at.clone())
            .help("take out the definitions that hold no annotation, label selector or reference")
            .into()
    }

    fn property(&mut self, property: &Node, path: &str, found: &mut Configuration) -> Result<()> {
        let gvk = self.gvk.clone();
        let spec = |path: &str| Spec::new(gvk.clone(), path, false);
        let says = |extension| property.get(extension).and_then(Node::as_str);
        let lists = [
            (ANNOTATIONS, &mut found.common_annotations),
            (LABELS, &mut found.common_labels),
            (NAME, &mut found.name_prefix),
        ];
        for (extension, list) in lists {
            if says(extension).is_some() {
                // Each is compared with those that are there.
                self.spend(list.len())?;
                merge_one(list, &spec(path), &self.at)?;
            }
        }
        if let (Some(version), Some(kind)) = (says(REFERENCE_VERSION), says(REFERENCE_KIND)) {
            let field = spec(&format!("{path}/{}", says(REFERENCE_KEY).unwrap_or("name")));
            let gvk = Gvk::new("", version, kind);
            self.spend(found.name_reference.iter().map(|(_, specs)| 1 + specs.len()).sum())?;
            match found.name_reference.iter_mut().find(|(known, _)| *known == gvk) {
                Some((_, specs)) => merge_one(specs, &field, &self.at)?,
                None => found.name_reference.push((gvk, vec![field])),
            }
        }
        Ok(())
    }
}
