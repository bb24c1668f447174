//! One service, decided.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use stack_krm::{DnsSubdomain, EnvName, LabelKey, LabelValue, ServiceName};
use stack_source::TreePath;

use super::reference::{Scope, compose};

use super::{
    Faults, Subject, amount, edge, exposed, image, init, literal_host, literal_secret, mount, probe, reference,
    substitution, text, workload,
};
use crate::lower::is_own_label;
use crate::plan::{Composed, Plan, PlannedStep};
use crate::{PodSecurity, Spread, Template, Update, User, Workload, rule};

/// Nobody, where neither author nor component says who.
const NOBODY: User = User { uid: 65534, gid: 65534 };

pub(super) fn plan(subject: &Subject, faults: &mut Faults) -> Option<Plan> {
    let service = subject.service;
    let name = ServiceName::new(subject.id.name()).ok()?;
    let workload = service.workload();
    let replica_range @ (_, most) = service.replica_range();
    scale(subject, most, faults);
    let image = image::plan(subject, faults);
    let ports = edge::ports(subject, &service.ports, faults);
    let peers = edge::ports(subject, &service.peers, faults);
    let mut env = IndexMap::new();
    for (name, template) in &service.env {
        edge::variable(name, template, &Scope::of(subject), subject, &mut env, faults);
    }
    let mut edges = edge::plan(subject, &mut env, faults);
    let init = init::plan(subject, most, &mut edges, faults);
    let exposed = exposed::plan(subject, &ports, faults);
    let probes = probe::plan(subject, &ports, faults);
    let mounts = mount::plan(subject, workload, most, faults);
    let command = composed(subject, service.command.as_deref(), faults);
    let args = composed(subject, service.args.as_deref(), faults);
    let selector = labels(subject, &service.selector, faults);
    let mut labels = labels(subject, &service.labels, faults);
    labels.extend(selector.clone());
    let user = service.user.unwrap_or(NOBODY);
    if user.uid == 0 && subject.stack.environment.pod_security == PodSecurity::Restricted {
        let help = "write `user: NUMBER`, and let the image's files belong to it".to_owned();
        faults.add(&rule::RUNS_AS_ROOT, service.place("user"), format!("`{}` runs as root", subject.name), Some(help));
    }
    let gpu = service.gpu.filter(|count| *count > 0).zip(subject.stack.cluster.gpu);
    let alone = mounts.exclusive || service.singleton.is_some() || gpu.is_some();
    workload::check(subject, workload == Workload::Deployment && alone, faults);
    context(subject, faults);
    text::check(subject, faults);
    amount::check(subject, faults);
    literal_host::check(subject, faults);
    literal_secret::check(subject, faults);
    substitution::check(subject, faults);
    let service_name = service.names.service.clone().unwrap_or_else(|| name.clone());
    let hosts = told(&env, &command, &args, &init).flat_map(Composed::hosts).cloned().collect();
    let pod_hosts = told(&env, &command, &args, &init).flat_map(Composed::pod_hosts).cloned().collect();
    let (image, pull) = image?;
    let version = match &service.build {
        Some(_) => subject.stack.version.clone(),
        None => image.tag().map(|tag| LabelValue::nearest(tag).to_string()),
    };
    let syncs = service.build.as_ref().is_some_and(|build| !build.sync.is_empty());
    Some(Plan {
        id: subject.id.clone(),
        pod_domain: pod_domain(subject, &service_name, workload, most),
        container: service.names.container.clone().unwrap_or_else(|| name.clone()),
        autoscaler: service.names.autoscaler.clone().map_or_else(|| DnsSubdomain::new(name.as_str()), Ok).ok()?,
        service_name,
        name,
        schedule: service.schedule.clone(),
        config_map: service.config_map.clone(),
        update: service.update.filter(|update| *update != Update::Recreate),
        spread: spread(subject, most),
        affinity: service.affinity,
        gpu,
        owned: service.owned.clone(),
        peers,
        init,
        selector,
        application: service.component.as_ref().map_or(subject.id.name(), |component| component.name()).to_owned(),
        version,
        workload,
        image,
        build: service.build.clone(),
        pull,
        command,
        args,
        ports,
        hosts,
        pod_hosts,
        step_of: None,
        env,
        mounts: mounts.mounts,
        config: mounts.config,
        probes,
        resources: service.resources.unwrap_or_default(),
        replica_range: if workload == Workload::DaemonSet { everywhere(subject) } else { replica_range },
        replicas: (workload.has_replicas() && service.autoscaled().is_none()).then(|| service.replicas.unwrap_or(1)),
        scale: service.autoscaled().cloned(),
        replicated: subject.stack.environment.replicated && most > 1 && workload.has_replicas(),
        exclusive: workload == Workload::Deployment && (alone || service.update == Some(Update::Recreate)),
        user,
        read_only: service.writable.is_none() && !(syncs && subject.stack.environment.writes_synced_files()),
        grace: service.grace,
        headless: service.headless.unwrap_or(false),
        waits: Vec::new(),
        edges,
        exposed,
        labels,
        wave: 1,
        start_budget: 0,
    })
}

/// All in which a service is told something: a variable, a command, a step.
fn told<'a>(
    env: &'a IndexMap<EnvName, Composed>,
    command: &'a [Composed],
    args: &'a [Composed],
    init: &'a [PlannedStep],
) -> impl Iterator<Item = &'a Composed> {
    let steps = init.iter().flat_map(|step| step.env.values().chain(&step.command).chain(&step.done));
    env.values().chain(command).chain(args).chain(steps)
}

/// A pod for each node, as far as their number is known.
fn everywhere(subject: &Subject) -> (u32, u32) {
    let nodes = subject.stack.cluster.nodes.unwrap_or(1);
    (nodes, nodes)
}

/// The pods of a StatefulSet have names below a headless Kubernetes Service; several are told apart by them.
fn pod_domain(subject: &Subject, service: &ServiceName, workload: Workload, most: u32) -> Option<ServiceName> {
    let several = workload == Workload::StatefulSet && most > 1 && !subject.service.ports.is_empty();
    let twin = several && subject.service.headless != Some(true);
    twin.then(|| ServiceName::new(format!("{service}-headless")).ok()).flatten()
}

/// What is said, else what the environment wants of services with several pods.
fn spread(subject: &Subject, most: u32) -> Option<Spread> {
    let wanted = subject.stack.environment.replicated.then_some(Spread::Preferred);
    subject.service.spread.or(wanted).filter(|_| most > 1)
}

fn scale(subject: &Subject, most: u32, faults: &mut Faults) {
    let service = subject.service;
    if let Some(reason) = &service.singleton
        && most > 1
    {
        let environment = subject.stack.environment.called();
        let message =
            format!("`{}` may have {most} pods in {environment}, and it can have one: {reason}", subject.name);
        faults.add(
            &rule::SINGLETON_SCALED,
            service.place(if service.autoscaled().is_some() { "scale" } else { "replicas" }),
            message,
            Some(format!("take `replicas` and `scale` from `{}`", subject.name)),
        );
    }
    let Some(scale) = service.autoscaled() else { return };
    let resources = service.resources.unwrap_or_default();
    let targets = [("cpu", scale.cpu, resources.cpu.request), ("memory", scale.memory, resources.memory.request)];
    for (what, target, request) in targets {
        if target.is_some() && request.is_none() {
            let message = format!("`{}` scales by {what}, and asks for none", subject.name);
            let help = format!("write `resources: {{{what}: REQUEST..LIMIT}}`");
            faults.add(&rule::SCALE_WITHOUT_REQUEST, service.place("scale"), message, Some(help));
        }
    }
}

/// The build context lies in the package, and holds what is built.
fn context(subject: &Subject, faults: &mut Faults) {
    let (Some(build), Some(package)) = (&subject.service.build, subject.package) else { return };
    let context = build.context.as_deref().unwrap_or(".");
    let dockerfile = build.dockerfile.as_deref().unwrap_or("Dockerfile");
    let path = format!("{context}/{dockerfile}");
    if TreePath::new(&path).is_ok_and(|path| package.get(&path).is_some()) {
        return;
    }
    let folders = package.iter().filter_map(|(path, _)| path.as_str().strip_suffix(&format!("/{dockerfile}")));
    let help = stack_source::meant(context, folders);
    let help = help.or_else(|| Some(format!("write a {dockerfile} there, or name the folder that has one")));
    let message = format!("`{}` is built from `{path}`, which is not in the package", subject.name);
    let at = build.at.or(&subject.service.at);
    faults.add(&rule::MISSING_FILE, at, message, help);
}

fn composed(subject: &Subject, templates: Option<&[Template]>, faults: &mut Faults) -> Vec<Composed> {
    let templates = templates.unwrap_or_default().iter();
    templates.filter_map(|template| compose(template, &Scope::of(subject), faults)).collect()
}

fn labels(subject: &Subject, templates: &IndexMap<String, Template>, faults: &mut Faults) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    for (key, template) in templates {
        if let Err(error) = LabelKey::new(key) {
            let help = Some("write `name`, or `example.com/name`".to_owned());
            faults.add(&rule::INVALID_NAME, template.at.or(&subject.service.at), error.to_string(), help);
        }
        if is_own_label(key) {
            let message = format!("`{}` sets label `{key}`, by which selectors and policies find pods", subject.name);
            let help = Some("give the label another name".to_owned());
            faults.add(&rule::TAKEN_LABEL, template.at.or(&subject.service.at), message, help);
            continue;
        }
        let what = format!("label `{key}`");
        let help = "write a text, or `<value.NAME>`";
        let Some(text) = reference::text(template, subject, &what, help, faults) else { continue };
        match LabelValue::new(&text) {
            Ok(value) => {
                labels.insert(key.clone(), value.to_string());
            }
            Err(error) => {
                let help = Some(format!("write `{}`", LabelValue::nearest(&text)));
                faults.add(&rule::INVALID_NAME, &template.at, error.to_string(), help);
            }
        }
    }
    labels
}
