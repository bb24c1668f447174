//! Objects of one kind have names of their own.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::{IndexMap, IndexSet};
use stack_source::{Diagnostic, Locus};

use super::{Faults, Secrets, Services};
use crate::plan::{Mount, MountSource, Part, Plan, is_ours};
use crate::{Cluster, ServiceId, Stack, Workload, lower, rule};

/// Who has a name of a kind in a namespace, and whether others may share it.
type Taken<'a> = IndexMap<(Option<&'a str>, &'static str, Cow<'a, str>), (&'a Plan, bool)>;

pub(super) fn check(stack: &Stack, services: &Services, plans: &[Plan], faults: &mut Faults) {
    let mut taken = Taken::with_capacity(3 * plans.len());
    let default_policy = lower::default_policy_name(&stack.name);
    for plan in plans {
        if plan.name.as_str() == default_policy {
            let message = format!("{} and the stack both have NetworkPolicy `{default_policy}`", called(plan));
            let help = Some(format!("give the service, or stack `{}`, another name", stack.name));
            faults.add(&rule::TAKEN_NAME, &at(plan, services), message, help);
        }
        for (kind, name, shared) in names(plan, &stack.cluster) {
            let Some((other, theirs)) = taken.insert((plan.id.namespace(), kind, name.clone()), (plan, shared)) else {
                continue;
            };
            if shared && theirs {
                continue;
            }
            let message = format!("{} and {} both have {kind} `{name}`", called(other), called(plan));
            let fault = Diagnostic::new(&rule::TAKEN_NAME, message)
                .at(at(plan, services))
                .related(at(other, services), format!("{} has it", called(other)))
                .help("give one of them another name");
            faults.report.add(fault);
        }
    }
}

/// A ConfigMap that several services name holds one value for each variable.
pub(super) fn variables(services: &Services, plans: &[Plan], faults: &mut Faults) {
    let mut taken: BTreeMap<(Option<&str>, &str, &str), (&Plan, &str)> = BTreeMap::new();
    for plan in plans {
        let Some(map) = &plan.config_map else { continue };
        for (name, text) in plan.plain_variables() {
            let Some((other, theirs)) = taken.insert((plan.id.namespace(), map.as_str(), name.as_str()), (plan, text))
            else {
                continue;
            };
            if text != theirs {
                let message =
                    format!("`{}` and `{}` give variable `{name}` two values in ConfigMap `{map}`", other.id, plan.id);
                let fault = Diagnostic::new(&rule::TAKEN_VARIABLE, message)
                    .at(at(plan, services))
                    .related(at(other, services), format!("`{theirs}` here"))
                    .help("give one of them another `config-map`");
                faults.report.add(fault);
            }
        }
    }
}

/// A variable beside a container's own carries one host or one key of a Secret: names that differ in `-`, `_` and `.` alone, or in
/// the case of their letters, would give it two.
pub(super) fn carriers(services: &Services, secrets: &Secrets, plans: &[Plan], faults: &mut Faults) {
    // Most stacks have no two things of one variable, and no variable called like ours: then no plan need be read.
    let ambiguous = ambiguous(services, secrets, plans);
    let suspect = |plan: &&Plan| plan.step_of.is_none() && (ambiguous || plan.own_variables().any(is_ours));
    for plan in plans.iter().filter(suspect) {
        let mut taken: BTreeMap<String, Part> = BTreeMap::new();
        for part in plan.carried() {
            let Some(variable) = lower::part_variable(&part) else { continue };
            let other = taken.entry(variable.clone()).or_insert_with(|| part.clone());
            if *other != part {
                let message =
                    format!("`{variable}` would tell `{}` both {} and {}", plan.id, carried(other), carried(&part));
                let fault = Diagnostic::new(&rule::TAKEN_VARIABLE, message)
                    .at(at(plan, services))
                    .related(place(other, services, secrets), carried(other))
                    .related(place(&part, services, secrets), carried(&part))
                    .help("give one of them another name");
                faults.report.add(fault);
            }
        }
        for (name, part) in plan.own_variables().filter_map(|name| taken.get_key_value(name.as_str())) {
            let message = format!("`{}` sets variable `{name}`, which tells it {}", plan.id, carried(part));
            let help = Some("give the variable another name".to_owned());
            let at = services.get(&plan.id).map(|service| service.place("env").clone()).unwrap_or_default();
            faults.add(&rule::TAKEN_VARIABLE, &at, message, help);
        }
    }
}

/// Whether any two things that containers may be told have one variable.
fn ambiguous(services: &Services, secrets: &Secrets, plans: &[Plan]) -> bool {
    let pods: BTreeSet<&ServiceId> = plans.iter().flat_map(|plan| &plan.pod_hosts).collect();
    let hosts = services.keys().map(lower::host_variable);
    let pods = pods.into_iter().map(lower::pod_domain_variable);
    let keys = secrets.iter().flat_map(|(name, secret)| secret.keys.keys().map(move |key| (name, key)));
    let keys = keys.map(|(name, key)| lower::secret_variable(name.as_str(), key.as_str()));
    let mut known = IndexSet::with_capacity(plans.len());
    !hosts.chain(pods).chain(keys).all(|variable| known.insert(variable))
}

/// What a variable carries, for messages.
fn carried(part: &Part) -> String {
    match part {
        Part::Text(text) => format!("`{text}`"),
        Part::Host(service) => format!("the host of `{service}`"),
        Part::PodDomain(service) => format!("the domain of the pods of `{service}`"),
        Part::Secret(secret, _) => format!("key `{}` of Secret `{}`", secret.key, secret.secret),
    }
}

/// Where it was declared.
fn place(part: &Part, services: &Services, secrets: &Secrets) -> Locus {
    let at = match part {
        Part::Text(_) => None,
        Part::Host(service) | Part::PodDomain(service) => services.get(service).map(|service| &service.at),
        Part::Secret(secret, _) => {
            secrets.get(&secret.secret).and_then(|keys| keys.keys.get(&secret.key)).map(|key| &key.at)
        }
    };
    at.cloned().unwrap_or_default()
}

/// Whose objects they are, for messages.
fn called(plan: &Plan) -> String {
    match &plan.step_of {
        None => format!("`{}`", plan.id),
        Some((service, step)) => format!("step `{step}` of `{service}`"),
    }
}

/// Where it was written that there are these objects.
fn at(plan: &Plan, services: &Services) -> Locus {
    let at = match &plan.step_of {
        None => services.get(&plan.id).map(|service| &service.at),
        Some((service, step)) => {
            services.get(service).and_then(|service| service.init.get(step.as_str())).map(|step| &step.at)
        }
    };
    at.cloned().unwrap_or_default()
}

/// The names of its objects.
fn names<'a>(plan: &'a Plan, cluster: &Cluster) -> Vec<(&'static str, Cow<'a, str>, bool)> {
    let mut names = Vec::with_capacity(4);
    names.push(("ServiceAccount", plan.name.as_str().into(), false));
    names.push(("ConfigMap", lower::endpoints_name(plan.name.as_str()).into(), false));
    if plan.step_of.is_some() {
        return names;
    }
    if !plan.ports.is_empty() || plan.workload == Workload::StatefulSet {
        names.push(("Kubernetes Service", plan.service_name.as_str().into(), false));
    }
    names.extend(plan.pod_domain.iter().map(|name| ("Kubernetes Service", name.as_str().into(), false)));
    names.extend(lower::route_names(plan, cluster).into_iter().map(|(kind, name)| (kind, name.into(), false)));
    if plan.scale.is_some() {
        names.push(("HorizontalPodAutoscaler", plan.autoscaler.as_str().into(), false));
    }
    names.extend(plan.config.iter().map(|config| ("ConfigMap", config.name.as_str().into(), false)));
    names.extend(plan.config_map.iter().map(|name| ("ConfigMap", name.as_str().into(), true)));
    if plan.workload != Workload::StatefulSet {
        let claims: BTreeSet<&str> = plan.mounts.iter().filter_map(claim).collect();
        names.extend(claims.into_iter().map(|name| ("PersistentVolumeClaim", name.into(), false)));
    }
    names
}

/// The claim that holds the bytes of a mount.
fn claim(mount: &Mount) -> Option<&str> {
    match &mount.source {
        MountSource::Claim { name, .. } => Some(name.as_str()),
        MountSource::Empty { .. } | MountSource::Files(_) => None,
    }
}
