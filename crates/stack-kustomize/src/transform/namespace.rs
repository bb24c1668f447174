//! `namespace`.

use std::sync::LazyLock;

use stack_krm::yaml::{Node, Tag, Text, Value};
use stack_source::{Diagnostic, Locus};

use super::specs::{ByType, change};
use crate::error::Result;
use crate::field_path::{DeadEnd, Make};
use crate::field_specs::Spec;
use crate::item::Item;
use crate::kustomization::Step;
use crate::kyaml::{replace, text_of};
use crate::layer::{Layer, Session, dead_end};
use crate::pool::Pool;
use crate::rules::{NAMESPACE_CONFLICT, UNEXPECTED};
use crate::shared::BARE;

/// Which subjects of a role binding follow the namespace at once. Others follow later, when names are mended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Subjects {
    /// Those called `default`, whatever their kind.
    #[default]
    Default,
    AllServiceAccounts,
    None,
}

/// A namespace for every object.
pub(crate) struct Namespace<'a> {
    pub(crate) name: &'a str,
    pub(crate) specs: &'a [Spec],
    /// Whether what has a namespace keeps it.
    pub(crate) unset_only: bool,
    pub(crate) subjects: Subjects,
}

pub(crate) fn apply(layer: &Layer<'_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let name = &layer.kustomization().namespace;
    let at = layer.file.at(&[Step::Key("namespace")]);
    let specs = &layer.configuration.namespace;
    Namespace { name, specs, unset_only: false, subjects: Subjects::Default }.set(pool, &at, session)?;
    layer.done("NamespaceTransformer", pool, session);
    Ok(())
}

fn is_binding(kind: &str) -> bool {
    matches!(kind, "RoleBinding" | "ClusterRoleBinding")
}

/// Kustomize takes an object that is a namespace for the one that it sets.
fn warn_of_renamed(item: &Item, at: &Locus, session: &mut Session) {
    let Some(was) = item.former.last().filter(|was| was.gvk.kind == "Namespace" && was.name != item.id.name) else {
        return;
    };
    let message = format!(
        "the Namespace `{}` is called `{}` now: kustomize renames every Namespace to the `namespace` that it sets",
        was.name, item.id.name
    );
    let help = format!("call it `{}` itself, or list it in a kustomization without `namespace`", item.id.name);
    let warning = Diagnostic::new(&UNEXPECTED, message).at(at.clone()).related(item.at.clone(), "the Namespace");
    session.warnings.add(warning.help(help));
}

impl Namespace<'_> {
    pub(crate) fn set(&self, pool: &mut Pool, at: &Locus, session: &mut Session) -> Result<()> {
        let field = session.namespaces.next();
        let mut by_type = ByType::new(self.specs);
        for item in pool.items_to_rename() {
            item.remember();
            let specs = by_type.of(&item.id.gvk);
            if self.set_in(item, specs)? {
                item.namespaced_by = Some(field);
                warn_of_renamed(item, at, session);
            }
        }
        session.namespaces.note(at, by_type.types());
        pool.check_ids(|first, second| {
            let message = format!("the namespace `{}` would hold two objects `{}`", self.name, second.id);
            Diagnostic::new(&NAMESPACE_CONFLICT, message)
                .at(at.clone())
                .related(first.at.clone(), "one")
                .related(second.at.clone(), "the other")
                .help("give one of them another name")
        })
    }

    /// Sets the namespace of one object.
    pub(crate) fn set_one(&self, item: &mut Item) -> Result<()> {
        let gvk = item.id.gvk.clone();
        self.set_in(item, ByType::new(self.specs).of(&gvk)).map(drop)
    }

    /// Whether that changed what the object is called.
    fn set_in(&self, item: &mut Item, specs: &[Spec]) -> Result<bool> {
        static OWN: LazyLock<Spec> =
            LazyLock::new(|| Spec::new(stack_krm::Gvk::default(), Text::from("metadata/namespace"), true));
        let gvk = item.id.gvk.clone();
        if !item.id.is_cluster_scoped() {
            change(item, &OWN, Make::Scalar, |node| self.fill(node))?;
        }
        if is_binding(&gvk.kind) {
            self.bind(item)?;
        }
        for spec in specs {
            let is_skipped = match spec.path.as_str() {
                "metadata/namespace" => true,
                "metadata/name" => gvk.api_version() != "v1",
                "subjects/namespace" => is_binding(&gvk.kind) && is_binding(&spec.gvk.kind),
                _ => false,
            };
            if !is_skipped {
                change(item, spec, Make::Scalar, |node| self.fill(node))?;
            }
        }
        Ok(item.refresh())
    }

    fn fill(&self, node: &mut Node) -> Result<(), DeadEnd> {
        let Value::Scalar(scalar) = &node.value else {
            return Err(DeadEnd::because(node, format!("expected a single value, found {}", node.kind())));
        };
        // What has no type yet is no null either.
        let is_null = node.is_null() && node.span != BARE;
        if !(self.unset_only && !is_null && !scalar.text.is_empty()) {
            replace(node, Node::string(self.name));
        }
        Ok(())
    }

    fn bind(&self, item: &mut Item) -> Result<()> {
        if self.subjects == Subjects::None {
            return Ok(());
        }
        let (field, wanted) = match self.subjects {
            Subjects::AllServiceAccounts => ("kind", "ServiceAccount"),
            Subjects::Default | Subjects::None => ("name", "default"),
        };
        let Some(subjects) = item.node.get_mut("subjects").filter(|subjects| !subjects.is_null()) else {
            return Ok(());
        };
        let result = match &mut subjects.value {
            Value::Sequence(subjects) => subjects.iter_mut().try_for_each(|subject| {
                if let Some(node) = subject.get(field).filter(|node| node.as_scalar().is_none()) {
                    return Err(DeadEnd::because(node, format!("expected a text, found {}", node.kind())));
                }
                let is_meant = subject.get(field).is_some_and(|node| *text_of(node) == wanted);
                match &mut subject.value {
                    Value::Mapping(map) if is_meant => {
                        if map.get("namespace").is_none() {
                            map.insert("namespace", Node::null());
                        }
                        map.get_mut("namespace").map_or(Ok(()), |node| self.fill(node))
                    }
                    Value::Mapping(_) => Ok(()),
                    Value::Scalar(scalar) if scalar.tag == Tag::Null => Ok(()),
                    _ => Err(DeadEnd::because(subject, format!("expected an account, found {}", subject.kind()))),
                }
            }),
            _ => Err(DeadEnd::because(subjects, format!("expected a list, found {}", subjects.kind()))),
        };
        result.map_err(|error| dead_end(&error, "subjects", item))
    }
}
