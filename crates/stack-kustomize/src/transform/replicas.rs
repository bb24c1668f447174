//! `replicas`.

use stack_krm::yaml::{Node, Value};
use stack_source::{Diagnostic, Locus, nearest};

use super::specs::change;
use crate::error::Result;
use crate::field_path::{DeadEnd, Make};
use crate::field_specs::Spec;
use crate::item::Item;
use crate::kustomization::Replica;
use crate::kyaml::replace;
use crate::layer::{Layer, Session};
use crate::pool::Pool;
use crate::rules::{NO_REPLICAS, UNEXPECTED};

pub(crate) fn apply(layer: &Layer<'_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    for (index, replica) in layer.kustomization().replicas.iter().enumerate() {
        set(pool, replica, &layer.configuration.replicas, &layer.file.entry("replicas", index), session)?;
        layer.done("ReplicaCountTransformer", pool, session);
    }
    Ok(())
}

/// Sets the number of pods of the workloads that have, or had, a name.
pub(crate) fn set(pool: &mut Pool, replica: &Replica, specs: &[Spec], at: &Locus, session: &mut Session) -> Result<()> {
    let count = replica.count.unwrap_or_default();
    let Replica { name, .. } = replica;
    if replica.count.is_none() {
        let message = format!("the entry for `{name}` has no `count`, and kustomize takes all its pods away");
        session.warn(&UNEXPECTED, message, at, "add `count: 1`, or `count: 0` where none is meant");
    } else if count < 0 {
        let message = format!("kustomize gives `{name}` {count} pods, which no cluster takes");
        session.warn(&UNEXPECTED, message, at, "write a `count` of zero or more");
    }
    let places = pool.named(&replica.name);
    let mut is_found = false;
    for spec in specs {
        for place in &places {
            let item = pool.item_mut(*place);
            if item.ids().any(|id| id.name == replica.name.as_str() && id.gvk.is_selected_by(&spec.gvk)) {
                is_found = true;
                if item.id.gvk.is_selected_by(&spec.gvk) {
                    change(item, spec, Make::Scalar, |node| fill(node, count))?;
                    pool.changed(*place);
                }
            }
        }
    }
    if is_found {
        return Ok(());
    }
    let is_workload = |item: &&Item| specs.iter().any(|spec| item.id.gvk.is_selected_by(&spec.gvk));
    let names = pool.items().iter().filter(is_workload).map(|item| item.original().name.as_str());
    let help = nearest(&replica.name, names).map(|near| format!("did you mean `{near}`?"));
    let message = format!("there is no workload `{}` whose replicas could be set", replica.name);
    Err(Diagnostic::new(&NO_REPLICAS, message).at(at.clone()).maybe_help(help).into())
}

fn fill(node: &mut Node, count: i64) -> Result<(), DeadEnd> {
    if !matches!(node.value, Value::Scalar(_)) {
        return Err(DeadEnd::because(node, format!("expected a number, found {}", node.kind())));
    }
    replace(node, Node::int(count));
    Ok(())
}
