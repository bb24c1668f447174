//! Objects of one kind have names of their own.

use std::collections::BTreeMap;

use stack_source::Diagnostic;

use super::{Faults, Services};
use crate::plan::{MountSource, Plan};
use crate::{Workload, lower, rule};

/// Who has a name of a kind in a namespace, and whether others may share it.
type Taken<'a> = BTreeMap<(Option<&'a str>, &'static str, String), (&'a Plan, bool)>;

pub(super) fn check(services: &Services, plans: &[Plan], faults: &mut Faults) {
    let mut taken = Taken::new();
    for plan in plans.iter().filter(|plan| plan.step_of.is_none()) {
        for (kind, name, shared) in names(plan) {
            let Some((other, theirs)) = taken.insert((plan.id.namespace(), kind, name.clone()), (plan, shared)) else {
                continue;
            };
            if shared && theirs {
                continue;
            }
            let at = |plan: &Plan| services.get(&plan.id).map(|service| service.at.clone()).unwrap_or_default();
            let message = format!("`{}` and `{}` both have a {kind} called `{name}`", other.id, plan.id);
            let fault = Diagnostic::new(&rule::TAKEN_NAME, message)
                .at(at(plan))
                .related(at(other), format!("`{}` has it", other.id))
                .help("give one of them another name");
            faults.report.add(fault);
        }
    }
}

/// A ConfigMap that several services name holds one value for each variable.
pub(super) fn variables(services: &Services, plans: &[Plan], faults: &mut Faults) {
    let mut taken: BTreeMap<(Option<&str>, &str, &str), (&Plan, &str)> = BTreeMap::new();
    for plan in plans.iter().filter(|plan| plan.step_of.is_none()) {
        let Some(map) = &plan.config_map else { continue };
        for (name, text) in plan.plain_variables() {
            let Some((other, theirs)) = taken.insert((plan.id.namespace(), map.as_str(), name.as_str()), (plan, text))
            else {
                continue;
            };
            if text != theirs {
                let message =
                    format!("`{}` and `{}` give variable `{name}` two values in ConfigMap `{map}`", other.id, plan.id);
                let at = |plan: &Plan| services.get(&plan.id).map(|service| service.at.clone()).unwrap_or_default();
                let fault = Diagnostic::new(&rule::TAKEN_VARIABLE, message)
                    .at(at(plan))
                    .related(at(other), format!("`{theirs}` here"))
                    .help("give one of them another `config-map`");
                faults.report.add(fault);
            }
        }
    }
}

/// The names of its objects that are not simply its own.
fn names(plan: &Plan) -> Vec<(&'static str, String, bool)> {
    let mut names = Vec::new();
    if !plan.ports.is_empty() || plan.workload == Workload::StatefulSet {
        names.push(("Kubernetes Service", plan.service_name.to_string(), false));
    }
    names.extend(plan.pod_domain.iter().map(|name| ("Kubernetes Service", name.to_string(), false)));
    if plan.scale.is_some() {
        names.push(("HorizontalPodAutoscaler", plan.autoscaler.to_string(), false));
    }
    names.push(("ConfigMap", lower::endpoints_name(plan.name.as_str()), false));
    names.extend(plan.config.iter().map(|config| ("ConfigMap", config.name.to_string(), false)));
    names.extend(plan.config_map.iter().map(|name| ("ConfigMap", name.to_string(), true)));
    if plan.workload != Workload::StatefulSet {
        let mut claims: Vec<String> = Vec::new();
        for mount in &plan.mounts {
            if let MountSource::Claim { name, .. } = &mount.source
                && !claims.contains(&name.to_string())
            {
                claims.push(name.to_string());
            }
        }
        names.extend(claims.into_iter().map(|name| ("PersistentVolumeClaim", name, false)));
    }
    names
}
