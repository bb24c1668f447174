//! Edges: what is at their far end, what flows over them, how the consumer is told.

use indexmap::IndexMap;
use stack_krm::{EnvName, PortName};
use stack_source::{Diagnostic, Locus, proposal};

use super::reference::{Scope, compose};
use super::{Faults, Subject};
use crate::plan::{Composed, Edge, EdgeEnd, Exposed, ExposedWay, OutsideEnd, PlannedPort};
use crate::{
    ExternalKind, Known, Port, PortNumber, Protocol, Relation, Service, Template, Way, component::Route, rule,
};

/// The far end of an edge, with the port that is meant.
#[derive(Clone)]
pub(super) enum Provider<'a> {
    Service { name: &'a str, service: &'a Service, port: Option<(&'a str, &'a Port)> },
    Outside { name: &'a str, url: String, host: String, port: Option<u16>, network: Option<String>, protocol: Protocol },
}

impl<'a> Provider<'a> {
    /// A service at one of its ports, or at its first.
    pub(super) fn service(name: &'a str, service: &'a Service, port: Option<&str>) -> Self {
        let port = match port {
            Some(port) => service.ports.get_key_value(port),
            None => service.ports.first(),
        };
        Self::Service { name, service, port: port.map(|(name, port)| (name.as_str(), port)) }
    }

    fn outside(name: &'a str, kind: &ExternalKind) -> Self {
        let (url, network) = match kind {
            ExternalKind::Person => (String::new(), None),
            ExternalKind::Url(url) => (url.to_string(), None),
            ExternalKind::Network(range) => (String::new(), Some(range.to_string())),
        };
        let (scheme, rest) = url.split_once("://").unwrap_or(("https", &url));
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
                (host, port.parse().ok())
            }
            _ => (authority, if scheme == "http" { Some(80) } else { Some(443) }),
        };
        let protocol = Protocol::named(scheme).unwrap_or(Protocol::Tcp);
        Self::Outside { name, host: host.to_owned(), port, network, protocol, url }
    }

    pub(super) fn name(&self) -> &'a str {
        match self {
            Self::Service { name, .. } | Self::Outside { name, .. } => name,
        }
    }

    pub(super) fn at_port(&self, port: Option<&str>) -> Option<Self> {
        match (self, port) {
            (provider, None) => Some((*provider).clone()),
            (Self::Service { name, service, .. }, Some(port)) if service.ports.contains_key(port) => {
                Some(Self::service(name, service, Some(port)))
            }
            _ => None,
        }
    }

    /// What clients dial.
    pub(super) fn port_number(&self) -> Option<u16> {
        match self {
            Self::Service { service, port, .. } => port.map(|(_, port)| port.dialled(service.headless == Some(true))),
            Self::Outside { port, .. } => *port,
        }
    }

    fn protocol(&self) -> Protocol {
        match self {
            Self::Service { port, .. } => port.map_or(Protocol::Tcp, |(_, port)| port.protocol),
            Self::Outside { protocol, .. } => *protocol,
        }
    }

    pub(super) fn scheme(&self) -> Option<&'static str> {
        self.protocol().scheme()
    }

    /// Whether the path of a reference begins with something that this end offers.
    pub(super) fn has(&self, path: &[&str]) -> bool {
        let own = |name: &str| self.attributes().iter().any(|known| known == name);
        match path {
            [name] => own(name),
            [port, _] => self.at_port(Some(port)).is_some(),
            _ => false,
        }
    }

    fn attributes(&self) -> Vec<String> {
        let mut names = vec!["host".to_owned(), "port".to_owned()];
        match self {
            Self::Service { service, .. } => {
                if self.scheme().is_some() || service.provides.contains_key("url") {
                    names.push("url".to_owned());
                }
                names.extend(service.provides.keys().filter(|name| *name != "url").cloned());
            }
            Self::Outside { .. } => names.push("url".to_owned()),
        }
        names
    }

    /// All that a reference may name here.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = self.attributes();
        if let Self::Service { service, .. } = self
            && service.ports.len() > 1
        {
            names.extend(service.ports.keys().map(|port| format!("{port}.port")));
        }
        names
    }
}

/// Ports of which everything is decided; faults are reported.
pub(super) fn ports(subject: &Subject, faults: &mut Faults) -> Vec<PlannedPort> {
    let mut planned: Vec<PlannedPort> = Vec::new();
    for (name, port) in &subject.service.ports {
        let at = if matches!(port.at, Locus::Derived) { &subject.service.at } else { &port.at };
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
    let routed = routed(subject);
    let mut edges = Vec::new();
    for relation in &subject.service.uses {
        let Some(provider) = provider(relation, subject, faults) else { continue };
        let ports = used_ports(relation, &provider, subject);
        agree(relation, &provider, subject, faults);
        if routed.contains(&relation.to.name.as_str())
            && let Provider::Service { service, name, .. } = &provider
            && service.headless == Some(true)
        {
            let message = format!("nginx of `{}` leads to `{name}`, which is headless", subject.name);
            let help = format!("take `expose: headless` from `{name}`");
            faults.add(&rule::HEADLESS_ROUTE, &relation.at, message, Some(help));
        }
        let bound = bind(relation, &provider, subject, &edges, env, faults);
        let to = match &provider {
            Provider::Service { name, .. } => match stack_krm::ServiceName::new(name) {
                Ok(name) => EdgeEnd::Service(name),
                Err(_) => continue,
            },
            Provider::Outside { name, url, port, network, .. } => EdgeEnd::External(OutsideEnd {
                name: (*name).to_owned(),
                url: (!url.is_empty()).then(|| url.clone()),
                network: network.clone(),
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
    let Some(service) = subject.services.get(name) else {
        let names = subject.services.keys().chain(subject.stack.externals.keys()).map(String::as_str);
        let help = proposal(name, names.filter(|known| *known != subject.name));
        let message = format!("`{}` uses `{name}`, which this stack does not have", subject.name);
        faults.add(&rule::UNKNOWN_SERVICE, &relation.at, message, help);
        return None;
    };
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
    Some(Provider::service(name, service, asked))
}

fn used_ports(relation: &Relation, provider: &Provider, subject: &Subject) -> Vec<PlannedPort> {
    let Provider::Service { name, service, port } = provider else { return Vec::new() };
    let theirs = Subject { name, service, ..*subject };
    let all = ports(&theirs, &mut Faults { report: stack_source::Report::new() });
    let wanted: Vec<&str> = match (relation.ports.as_slice(), port) {
        ([], Some((name, _))) => vec![*name],
        (named, _) => named.iter().map(String::as_str).collect(),
    };
    all.into_iter().filter(|port| wanted.contains(&port.name.as_str())).collect()
}

fn agree(relation: &Relation, provider: &Provider, subject: &Subject, faults: &mut Faults) {
    let Some(wanted) = relation.protocol else { return };
    let spoken = provider.protocol();
    if !spoken.serves(wanted) {
        let message =
            format!("`{}` speaks {wanted} to `{}`, which speaks {spoken} there", subject.name, provider.name());
        let help = match provider {
            Provider::Service { service, name, .. } => service
                .ports
                .iter()
                .find(|(_, port)| port.protocol.serves(wanted))
                .map(|(port, _)| format!("port `{port}` speaks {wanted}: write `{name}.{port}`")),
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
    let said = |name: &str| subject.stack.services.get(subject.name).and_then(|service| service.env.get(name));
    let mut names = Vec::new();
    for (name, template) in rows {
        let other = earlier.iter().any(|edge| edge.env.iter().any(|known| known == name.as_str()));
        match said(name) {
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
    let at = if matches!(template.at, Locus::Derived) { &subject.service.at } else { &template.at };
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

/// Edges from outside.
pub(super) fn exposed(subject: &Subject, ports: &[PlannedPort], faults: &mut Faults) -> Vec<Exposed> {
    let mut exposed = Vec::new();
    for expose in &subject.service.expose {
        if let Some(external) = &expose.to
            && !subject.stack.externals.contains_key(external)
        {
            let help = proposal(external, subject.stack.externals.keys().map(String::as_str));
            let message = format!("`{}` is open to `{external}`, which this stack does not have", subject.name);
            faults.add(&rule::UNKNOWN_SERVICE, &expose.at, message, help);
        }
        let port = match &expose.port {
            Some(wanted) => ports.iter().find(|port| port.name == wanted.as_str()),
            None => ports.first(),
        };
        let Some(port) = port else {
            let help =
                proposal(expose.port.as_deref().unwrap_or_default(), ports.iter().map(|port| port.name.as_str()));
            let message = format!("`{}` is open at a port that it does not have", subject.name);
            faults.add(&rule::UNKNOWN_PORT, &expose.at, message, help);
            continue;
        };
        let way = match &expose.way {
            Way::LoadBalancer(address) => ExposedWay::LoadBalancer(address.clone()),
            Way::NodePort(number) => {
                if number.is_some_and(|number| !(30000..=32767).contains(&number)) {
                    let message = format!("node ports are 30000 to 32767; `{}` asks for another", subject.name);
                    faults.add(&rule::INVALID_PORT, &expose.at, message, Some("write `node-port: 30080`".to_owned()));
                }
                ExposedWay::NodePort(*number)
            }
            Way::Ingress(rule) => {
                if subject.stack.cluster.ingress.is_none() {
                    let environment = subject.stack.environment.name.as_ref().map_or("the base", |name| name.as_str());
                    let message =
                        format!("`{}` has a host name, and {environment} does not say who serves it", subject.name);
                    let help = subject.stack.environment.edit("`cluster: {ingress: CLASS, issuer: ISSUER}`");
                    faults.add(&rule::MISSING_INGRESS, &expose.at, message, Some(help));
                    continue;
                }
                let Some(host) = compose(&rule.host, &Scope::of(subject), faults) else { continue };
                ExposedWay::Ingress { host: host.as_text().unwrap_or_default().to_owned(), rule: rule.clone() }
            }
        };
        exposed.push(Exposed { from: expose.to.clone(), port: port.clone(), way, purpose: expose.purpose.clone() });
    }
    exposed
}
