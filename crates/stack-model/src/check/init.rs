//! Steps before a container starts.

use indexmap::IndexMap;
use stack_krm::{DnsLabel, EnvName, ServiceName};

use super::reference::{Scope, compose};
use super::{Faults, Subject, edge, name};
use crate::lower::{OWNING, WAITING};
use crate::plan::{Composed, Edge, Mount, MountSource, Plan, PlannedProbes, PlannedStep};
use crate::{InitStep, ServiceId, Template, Workload, rule};

/// The steps of a service, and the edges that they add to it.
pub(super) fn plan(subject: &Subject, most: u32, edges: &mut Vec<Edge>, faults: &mut Faults) -> Vec<PlannedStep> {
    let steps = subject.service.init.iter();
    steps.filter_map(|(name, step)| one(subject, name, step, most, edges, faults)).collect()
}

fn one(
    subject: &Subject,
    name: &str,
    step: &InitStep,
    most: u32,
    edges: &mut Vec<Edge>,
    faults: &mut Faults,
) -> Option<PlannedStep> {
    let label = DnsLabel::new(name);
    if let Err(error) = &label {
        let help = "write it in lower case, with `-` between words".to_owned();
        faults.add(&rule::INVALID_NAME, &step.at, error.to_string(), Some(help));
    }
    let container = subject.service.names.container.as_ref().map_or(subject.id.name(), |name| name.as_str());
    if name == container || name == OWNING || name.starts_with(WAITING) {
        let message = format!("a step of `{}` is called `{name}`, as another container of its pods", subject.name);
        faults.add(&rule::TAKEN_NAME, &step.at, message, Some("give it another name".to_owned()));
    }
    let mut env: IndexMap<EnvName, Composed> = IndexMap::new();
    for (name, template) in &step.env {
        edge::variable(name, template, &Scope::of(subject), subject, &mut env, faults);
    }
    let own = edge::of(&step.uses, subject, &mut env, faults);
    // An edge that the service has too opens nothing new, but may be waited for.
    for edge in own {
        match edges.iter_mut().find(|known| known.to == edge.to) {
            None => edges.push(edge),
            Some(known) => {
                known.wait = known.wait.max(edge.wait);
                known
                    .ports
                    .extend(edge.ports.into_iter().filter(|port| !known.ports.contains(port)).collect::<Vec<_>>());
            }
        }
    }
    let mut composed = |templates: &[Template]| -> Vec<Composed> {
        templates.iter().filter_map(|template| compose(template, &Scope::of(subject), faults)).collect()
    };
    let command = composed(&step.command);
    let done = composed(step.done.as_deref().unwrap_or_default());
    let name = label.ok()?;
    let job = if most > 1 && !done.is_empty() { Some(job_name(subject, &name, step, faults)?) } else { None };
    Some(PlannedStep { name, command, done, env, job })
}

/// The name of the Job that runs a step once for all pods.
fn job_name(subject: &Subject, step: &DnsLabel, said: &InitStep, faults: &mut Faults) -> Option<ServiceName> {
    let name = format!("{}-{step}", subject.id.name());
    name::checked(
        &name,
        Workload::Job,
        "the names of the service and its step",
        &subject.stack.environment,
        &said.at,
        faults,
    )
}

/// The Jobs of steps that run once for all pods: each is a service of its own, with the image, variables, volumes and edges of the
/// service whose step it is, and before it in the order of start-up.
pub(super) fn jobs(plan: &Plan) -> Vec<Plan> {
    let job = |step: &PlannedStep| {
        let name = step.job.clone()?;
        let mut env = plan.env.clone();
        env.extend(step.env.clone());
        Some(Plan {
            id: ServiceId::new(plan.id.namespace(), name.as_str()),
            service_name: name.clone(),
            container: name.clone(),
            name,
            pod_domain: None,
            workload: Workload::Job,
            step_of: Some((plan.id.clone(), step.name.clone())),
            config_map: None,
            command: step.command.clone(),
            args: Vec::new(),
            env,
            ports: Vec::new(),
            peers: Vec::new(),
            init: Vec::new(),
            exposed: Vec::new(),
            probes: PlannedProbes::default(),
            replica_range: (1, 1),
            replicas: None,
            scale: None,
            replicated: false,
            exclusive: false,
            update: None,
            spread: None,
            affinity: None,
            gpu: None,
            headless: false,
            build: None,
            mounts: plan.mounts.iter().map(|mount| of_job(plan, mount)).collect(),
            ..plan.clone()
        })
    };
    plan.init.iter().filter_map(job).collect()
}

/// What a Job mounts of its service. The claims of a StatefulSet are each pod's own, so there it gets scratch space.
fn of_job(plan: &Plan, mount: &Mount) -> Mount {
    let source = match &mount.source {
        MountSource::Claim { .. } if plan.workload == Workload::StatefulSet => {
            MountSource::Empty { size: None, memory: false }
        }
        source => source.clone(),
    };
    Mount { source, ..mount.clone() }
}
