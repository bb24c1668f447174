//! Edges: what is at their far end, what flows over them, how the consumer is told.

use indexmap::IndexMap;
use stack_krm::{EnvName, PortName};
use stack_source::{Diagnostic, Locus, proposal};

use super::provider::Provider;
use super::reference::{Scope, compose};
use super::{Faults, Subject, beyond};
use crate::plan::{Composed, Edge, EdgeEnd, OutsideEnd, PlannedPort};
use crate::{ExternalKind, Known, Port, PortNumber, Relation, ServiceId, Stack, Template, component::Route, rule};

/// Ports of which everything is decided; faults are reported.
pub(super) fn ports(subject: &Subject, said: &IndexMap<String, Port>, faults: &mut Faults) -> Vec<PlannedPort> {
    let mut planned: Vec<PlannedPort> = Vec::new();
    for (name, port) in said {
        let at = port.at.or(&subject.service.at);
        let number = |number: u16, faults: &mut Faults| {
            let planned = PortNumber::new(number.into());
            if planned.is_none() {
                faults.add(
                    &rule::INVALID_PORT,
                    at,
                    format!("{number} is no port"),
                    Some("ports are 1 to 65535".to_owned()),
                );
            }
            planned
        };
        let name = PortName::new(name).map_err(|error| {
            let help = Some("shorten it to 15 lower-case letters, digits and `-`".to_owned());
            faults.add(&rule::INVALID_NAME, at, error.to_string(), help);
        });
        let (Ok(name), Some(service), Some(container)) =
            (name, number(port.service, faults), number(port.container, faults))
        else {
            continue;
        };
        if container.get() < 1024 {
            let message = format!("port {container} of `{}` asks for root", subject.name);
            let help = format!("listen on a port of 1024 or more: `{name}: {service}:8{:03}`", container.get() % 1000);
            faults.add(&rule::INVALID_PORT, at, message, Some(help));
        }
        if planned.iter().any(|known| known.service == service || known.container == container) {
            let message = format!("`{}` has port {service} twice", subject.name);
            faults.add(&rule::INVALID_PORT, at, message, Some("give one of them another number".to_owned()));
        }
        planned.push(PlannedPort { name, service, container, protocol: port.protocol });
    }
    planned
}

/// The edges of a service, and the variables by which they bind.
pub(super) fn plan(subject: &Subject, env: &mut IndexMap<EnvName, Composed>, faults: &mut Faults) -> Vec<Edge> {
    of(&subject.service.uses, subject, env, faults)
}

/// These edges of a service, and the variables by which they bind.
pub(super) fn of(
    relations: &[Relation],
    subject: &Subject,
    env: &mut IndexMap<EnvName, Composed>,
    faults: &mut Faults,
) -> Vec<Edge> {
    let routed = routed(subject);
    let mut edges = Vec::new();
    for relation in relations {
        if is_absent(relation, subject.id, subject.stack) {
            for (name, template) in &relation.otherwise {
                if let Some(own) = said(subject, name) {
                    taken(name, template, &own.at, "the service's own value", subject, faults);
                }
                variable(name, template, &Scope::of(subject), subject, env, faults);
            }
            continue;
        }
        let Some(provider) = provider(relation, subject, faults) else { continue };
        let ports = used_ports(relation, &provider, subject);
        agree(relation, &provider, subject, faults);
        if routed.contains(&relation.to.name.as_str())
            && let Provider::Service { service, id, .. } = &provider
            && service.headless == Some(true)
        {
            let message = format!("nginx of `{}` leads to `{id}`, which is headless", subject.name);
            let help = format!("take `expose: headless` from `{id}`");
            faults.add(&rule::HEADLESS_ROUTE, &relation.at, message, Some(help));
        }
        let beyond = beyond::asks_beyond(relation);
        let bound = if beyond { Vec::new() } else { bind(relation, &provider, subject, &edges, env, faults) };
        let to = match &provider {
            Provider::Service { id, .. } => EdgeEnd::Service((*id).clone()),
            Provider::Outside { name, url, port, network, .. } => EdgeEnd::External(OutsideEnd {
                name: (*name).to_owned(),
                url: (!url.is_empty()).then(|| url.clone()),
                network: *network,
                port: port.and_then(|port| PortNumber::new(port.into())),
            }),
        };
        edges.push(Edge { to, ports, purpose: relation.purpose.clone(), wait: relation.wait, env: bound });
    }
    edges
}

fn routed<'a>(subject: &Subject<'a>) -> Vec<&'a str> {
    let Some(Known::Nginx(nginx)) = &subject.service.component else { return Vec::new() };
    let target = |route: &'a Route| match route {
        Route::Proxy { relation, .. } => Some(relation.to.name.as_str()),
        Route::Files { .. } => None,
    };
    nginx.routes.values().filter_map(target).collect()
}

/// Whether the stack says that it does not have the far end.
pub(super) fn is_absent(relation: &Relation, from: &ServiceId, stack: &Stack) -> bool {
    let name = &relation.to.name;
    stack.externals.get(name).is_some_and(|external| external.kind == ExternalKind::Absent)
        || from.target(name, &stack.services).is_ok_and(|(_, service)| service.when == Some(false))
}

fn provider<'a>(relation: &'a Relation, subject: &Subject<'a>, faults: &mut Faults) -> Option<Provider<'a>> {
    let name = relation.to.name.as_str();
    if name == subject.name {
        let message = format!("`{name}` uses itself");
        let help = "take the edge out; `<self.host>` and `<self.PORT.port>` name the service's own".to_owned();
        faults.add(&rule::UNKNOWN_SERVICE, &relation.at, message, Some(help));
        return None;
    }
    if let Some(external) = subject.stack.externals.get(name) {
        return Some(Provider::outside(name, &external.kind));
    }
    let (id, service) = match subject.id.target(name, subject.services) {
        Ok(found) => found,
        Err(several) => {
            unknown(relation, &several, subject, faults);
            return None;
        }
    };
    if beyond::is_beyond(service) {
        // What it listens on is not known; that it is not written is said already.
        return None;
    }
    let asked = relation.to.port.as_deref().or(relation.ports.first().map(String::as_str));
    for port in relation.to.port.iter().chain(&relation.ports) {
        if !service.ports.contains_key(port.as_str()) {
            let help = proposal(port, service.ports.keys().map(String::as_str));
            let message = format!("`{}` uses port `{port}` of `{name}`, which has none of that name", subject.name);
            faults.add(&rule::UNKNOWN_PORT, &relation.at, message, help);
            return None;
        }
    }
    if service.ports.is_empty() {
        let message = format!("`{}` uses `{name}`, which listens on no port", subject.name);
        let help = format!("give `{name}` a port, or write `after: [{name}]` for the order alone");
        faults.add(&rule::UNKNOWN_PORT, &relation.at, message, Some(help));
        return None;
    }
    Some(Provider::service(id, service, asked))
}

/// A target that no service has, or that several have in other namespaces.
fn unknown(relation: &Relation, several: &[&ServiceId], subject: &Subject, faults: &mut Faults) {
    let name = relation.to.name.as_str();
    let (what, help) = if several.is_empty() {
        let services = subject.services.keys().map(ServiceId::as_str);
        let names = services.chain(subject.stack.externals.keys().map(String::as_str));
        ("this stack does not have", proposal(name, names.filter(|known| *known != subject.name)))
    } else {
        let names: Vec<String> = several.iter().map(|id| format!("`{id}`")).collect();
        ("several namespaces have", Some(format!("say which: {}", names.join(", "))))
    };
    let message = format!("`{}` uses `{name}`, which {what}", subject.name);
    faults.add(&rule::UNKNOWN_SERVICE, &relation.at, message, help);
}

/// The ports that are meant, and then those that the consumer is told of beside them.
fn used_ports(relation: &Relation, provider: &Provider, subject: &Subject) -> Vec<PlannedPort> {
    let Provider::Service { service, port, .. } = provider else { return Vec::new() };
    let meant = |name: &str| match (relation.ports.as_slice(), port) {
        ([], Some((meant, _))) => name == *meant,
        (named, _) => named.iter().any(|wanted| wanted == name),
    };
    let (mut used, others): (Vec<_>, Vec<_>) = service.ports.iter().partition(|(name, _)| meant(name));
    used.extend(others.into_iter().filter(|(name, _)| tells(subject, relation, name)));
    // What is wrong with a port is said where the provider has it.
    let planned = used.into_iter().filter_map(|(name, port)| {
        Some(PlannedPort {
            name: PortName::new(name).ok()?,
            service: PortNumber::new(port.service.into())?,
            container: PortNumber::new(port.container.into())?,
            protocol: port.protocol,
        })
    });
    planned.collect()
}

/// Whether the consumer is told of this port: `<grpc.url>` on the edge itself, `<qdrant.grpc.url>` anywhere else.
fn tells(subject: &Subject, relation: &Relation, port: &str) -> bool {
    let on_edge = relation.env.values().flat_map(Template::references);
    let on_edge =
        on_edge.map(crate::Reference::path).any(|path| matches!(path.as_slice(), [named, _] if *named == port));
    let service = subject.service;
    let words = service.command.iter().chain(&service.args).flatten();
    let files = service.files.values().filter_map(|file| match file {
        crate::ConfigFile::Text(text) => Some(text),
        _ => None,
    });
    let mut anywhere = subject
        .service
        .variables()
        .map(|(_, template)| template)
        .chain(words)
        .chain(files)
        .flat_map(Template::references);
    on_edge
        || anywhere.any(|reference| {
            matches!(reference.path().as_slice(), [name, named, _] if *name == relation.to.name && *named == port)
        })
}

fn agree(relation: &Relation, provider: &Provider, subject: &Subject, faults: &mut Faults) {
    let Some(wanted) = relation.protocol else { return };
    let spoken = provider.protocol();
    if !spoken.serves(wanted) {
        let message =
            format!("`{}` speaks {wanted} to `{}`, which speaks {spoken} there", subject.name, provider.name());
        let help = match provider {
            Provider::Service { service, id, .. } => service
                .ports
                .iter()
                .find(|(_, port)| port.protocol.serves(wanted))
                .map(|(port, _)| format!("port `{port}` speaks {wanted}: write `{}.{port}`", id.name())),
            Provider::Outside { .. } => None,
        };
        faults.add(&rule::PROTOCOL_MISMATCH, &relation.at, message, help);
    }
}

/// The variables of an edge: what its author says, else what the consumer's component knows for that protocol.
fn bind(
    relation: &Relation,
    provider: &Provider,
    subject: &Subject,
    earlier: &[Edge],
    env: &mut IndexMap<EnvName, Composed>,
    faults: &mut Faults,
) -> Vec<EnvName> {
    let known = || subject.service.binds.iter().rev().find(|binding| binding.protocol == provider.protocol());
    let rows: Vec<(&String, Template)> = if relation.env.is_empty() {
        let rows = known().into_iter().flat_map(|binding| &binding.env);
        rows.map(|(name, value)| (name, value.clone().at(relation.at.clone()))).collect()
    } else {
        relation.env.iter().map(|(name, value)| (name, value.clone())).collect()
    };
    let mut names = Vec::new();
    for (name, template) in rows {
        if provider.withholds(&template) {
            continue;
        }
        let other = earlier.iter().any(|edge| edge.env.iter().any(|known| known == name.as_str()));
        match said(subject, name) {
            // What a component would say by itself gives way to its author.
            Some(_) if relation.env.is_empty() => continue,
            Some(own) => taken(name, &template, &own.at, "the service's own value", subject, faults),
            None if other => taken(name, &template, &subject.service.at, "an edge before binds it", subject, faults),
            None => {}
        }
        variable(name, &template, &Scope::on_edge(subject, provider), subject, env, faults);
        names.extend(EnvName::new(name));
    }
    names
}

/// What the author says of a variable at the service itself.
fn said<'a>(subject: &Subject<'a>, name: &str) -> Option<&'a Template> {
    subject.stack.services.get(subject.id).and_then(|service| service.env.get(name))
}

/// One variable, two values: one of them would be lost.
fn taken(name: &str, template: &Template, other: &Locus, what: &str, subject: &Subject, faults: &mut Faults) {
    let message = format!("variable `{name}` of `{}` is given two values", subject.name);
    let fault = Diagnostic::new(&rule::TAKEN_VARIABLE, message)
        .at(template.at.clone())
        .related(other.clone(), what)
        .help("take one of them out");
    faults.report.add(fault);
}

/// Decides one variable and puts it where the others are.
pub(super) fn variable(
    name: &str,
    template: &Template,
    scope: &Scope,
    subject: &Subject,
    env: &mut IndexMap<EnvName, Composed>,
    faults: &mut Faults,
) {
    let at = template.at.or(&subject.service.at);
    let value = compose(template, scope, faults);
    match EnvName::new(name) {
        Err(error) => faults.add(&rule::INVALID_NAME, at, error.to_string(), None),
        Ok(name) => {
            if let Some(value) = value {
                env.insert(name, value);
            }
        }
    }
}
