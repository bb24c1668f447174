//! What the model says and this version does not write: refused by name, so that nothing is silently left out.

use stack_source::Locus;

use super::Faults;
use crate::{Affinity, Known, Relation, Service, ServiceId, Stack, Wait, Way, rule};

/// Ingress classes whose Kubernetes Service or Ingress takes an annotation for what this says; `lower/exposure.rs` writes them.
const COOKIES: [&str; 2] = ["traefik", "nginx"];
const BODIES: [&str; 2] = ["traefik", "nginx"];
/// Those whose own objects say it; `lower/ingress_route.rs` writes them.
const STRIPS: [&str; 1] = ["traefik"];

/// Whether nothing is written of the service itself: edges to it are told so once, at the service.
pub(super) fn is_beyond(service: &Service) -> bool {
    matches!(service.component, Some(Known::Planned(_))) || service.chart.is_some() || service.installed_by.is_some()
}

/// Whether an edge asks for what this version does not give; its variables are not decided then.
pub(super) fn asks_beyond(relation: &Relation) -> bool {
    !relation.grants.is_empty() || relation.via.is_some() || relation.wait == Some(Wait::Completed)
}

pub(super) fn check(stack: &Stack, faults: &mut Faults) {
    let mut refuse = |what: String, at: &Locus, help: Option<&str>| {
        let message = format!("this version does not write {what}");
        faults.add(&rule::BEYOND_THIS_VERSION, at, message, help.map(str::to_owned));
    };
    if let Some((name, namespace)) = stack.namespaces.first() {
        let help = "write one package for each namespace, and name the others' services under `externals`";
        refuse(format!("stacks of several namespaces, as `{name}`"), &namespace.at, Some(help));
    }
    for (name, object) in &stack.objects {
        let help = format!("put the {} into a kustomization of your own on top", object.kind);
        refuse(format!("objects of other kinds, as `{name}`"), &object.at, Some(&help));
    }
    for (id, service) in stack.services.iter().filter(|(_, service)| service.when != Some(false)) {
        of_service(id, service, &mut refuse);
        ingress(stack, id, service, &mut refuse);
        let steps = service.init.values().flat_map(|step| &step.uses);
        for relation in service.uses.iter().chain(steps).filter(|relation| !super::edge::is_absent(relation, id, stack))
        {
            of_edge(id, relation, &mut refuse);
        }
    }
}

type Refuse<'a> = dyn FnMut(String, &Locus, Option<&str>) + 'a;

fn of_service(id: &ServiceId, service: &Service, refuse: &mut Refuse) {
    if let Some(chart) = &service.chart {
        refuse(format!("releases of Helm charts, as `{}` of `{id}`", chart.name), &chart.at, None);
    }
    if let Some(Known::Planned(component)) = &service.component {
        let help = "write its `image`, `ports`, `probes` and `volumes` in its place";
        refuse(format!("component `{}`, as of `{id}`", component.name), service.place("component"), Some(help));
    }
    if let Some(by) = &service.installed_by {
        refuse(format!("settings of what `{by}` installed, as `{id}`"), service.place("installed-by"), None);
    }
    if let Some((target, _)) = service.controls.first() {
        refuse(format!("control without traffic, as `{id}` over `{target}`"), service.place("controls"), None);
    }
}

fn of_edge(id: &ServiceId, relation: &Relation, refuse: &mut Refuse) {
    let to = &relation.to.name;
    for grant in &relation.grants {
        refuse(format!("`{}` asked of `{to}` on an edge, as by `{id}`", grant.kind.word()), &grant.at, None);
    }
    if let Some(via) = &relation.via {
        refuse(format!("the path by way of `{via}`, as from `{id}` to `{to}`"), &relation.at, None);
    }
    if relation.wait == Some(Wait::Completed) {
        let help = "write `wait: started` for the order alone";
        refuse(format!("waits for the end of a Job, as `{id}` for `{to}`"), &relation.at, Some(help));
    }
}

/// What an Ingress has no field for, each controller says in its own way.
fn ingress(stack: &Stack, id: &ServiceId, service: &Service, refuse: &mut Refuse) {
    let Some(class) = stack.cluster.ingress.as_deref() else { return };
    for expose in &service.expose {
        let Way::Ingress(rule) = &expose.way else { continue };
        if rule.strip.is_some() && !STRIPS.contains(&class) {
            let help = "let the service answer under the whole path, or a gateway of the stack strip it";
            refuse(format!("`strip` for ingress class `{class}`, as of `{id}`"), &expose.at, Some(help));
        }
        if rule.body.is_some() && !BODIES.contains(&class) {
            refuse(format!("`body` for ingress class `{class}`, as of `{id}`"), &expose.at, None);
        }
        if service.affinity == Some(Affinity::Cookie) && !COOKIES.contains(&class) {
            refuse(format!("`affinity` for ingress class `{class}`, as of `{id}`"), &expose.at, None);
        }
    }
}
