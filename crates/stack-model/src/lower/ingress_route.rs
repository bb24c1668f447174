//! Traefik's own objects, for what an Ingress has no field for: a path that is cut, a request that is too large.
//!
//! An Ingress could name a Middleware in an annotation only, with its namespace in the same text, which no rename would follow; an
//! `IngressRoute` names it in a field. Fields as in Traefik's custom resource definitions, `traefik.io/v1alpha1`.

use indexmap::{IndexMap, IndexSet};
use stack_krm::yaml::Node;

use super::Made;
use super::object::Writer;
use crate::plan::{Exposed, ExposedWay, Plan};
use crate::{Cluster, IngressRule, Object};

/// The class whose controller reads these objects.
const TRAEFIK: &str = "traefik";

/// The entry point of HTTPS in Traefik's chart and in K3s.
const ENTRY_POINT: &str = "websecure";

type Rows = Vec<(&'static str, Node)>;

/// What is done to a request on its way, and by which Middleware.
struct Middleware {
    name: String,
    spec: Node,
}

/// Whether the service is found by an `IngressRoute` instead of an Ingress.
pub(super) fn is_routed(plan: &Plan, cluster: &Cluster) -> bool {
    let traefik = cluster.ingress.as_deref() == Some(TRAEFIK);
    traefik && rules(plan).any(|(_, _, rule)| rule.strip.is_some() || rule.body.is_some())
}

/// The kinds and names of the objects that lead to a service in place of an Ingress.
pub(crate) fn route_names(plan: &Plan, cluster: &Cluster) -> Vec<(&'static str, String)> {
    if !is_routed(plan, cluster) {
        return Vec::new();
    }
    let secrets: IndexSet<String> = rules(plan).map(|(_, _, rule)| certificate_secret(plan, rule)).collect();
    let routes = (0..secrets.len()).map(|index| ("IngressRoute", numbered(plan.name.as_str(), index)));
    let certificates = (0..secrets.len()).map(|index| ("Certificate", numbered(plan.name.as_str(), index)));
    let certificates = certificates.filter(|_| cluster.issuer.is_some());
    let middlewares = middlewares(plan).into_iter().map(|middleware| ("Middleware", middleware.name));
    routes.chain(certificates).chain(middlewares).collect()
}

fn rules(plan: &Plan) -> impl Iterator<Item = (&Exposed, &str, &IngressRule)> {
    plan.exposed.iter().filter_map(|exposed| match &exposed.way {
        ExposedWay::Ingress { host, rule } => Some((exposed, host.as_str(), rule)),
        _ => None,
    })
}

/// The Secret that holds the certificate of a rule.
pub(crate) fn certificate_secret(plan: &Plan, rule: &IngressRule) -> String {
    rule.tls.clone().unwrap_or_else(|| format!("{}-tls", plan.name))
}

/// One for everything that is done, however many rules ask for it.
fn middlewares(plan: &Plan) -> Vec<Middleware> {
    let mut middlewares: Vec<Middleware> = Vec::new();
    for (what, spec) in rules(plan).flat_map(|(_, _, rule)| specs(rule)) {
        if middlewares.iter().all(|known| known.spec != spec) {
            let first = format!("{}-{what}", plan.name);
            let same = middlewares.iter().filter(|known| known.name.starts_with(&first)).count();
            middlewares.push(Middleware { name: numbered(&first, same), spec });
        }
    }
    middlewares
}

impl Writer<'_> {
    /// One route for each certificate, since it has one for all its rules.
    pub(super) fn ingress_route(&mut self) {
        let middlewares = middlewares(self.plan);
        let mut by_secret: IndexMap<String, (Vec<Node>, Vec<String>)> = IndexMap::new();
        for (exposed, host, rule) in rules(self.plan) {
            let (routes, hosts) = by_secret.entry(certificate_secret(self.plan, rule)).or_default();
            routes.push(self.route(exposed, host, rule, &middlewares));
            if !hosts.iter().any(|known| known == host) {
                hosts.push(host.to_owned());
            }
        }
        for middleware in &middlewares {
            self.custom("traefik.io/v1alpha1", "Middleware", &middleware.name, middleware.spec.clone());
        }
        for (index, (secret, (routes, hosts))) in by_secret.into_iter().enumerate() {
            let name = numbered(self.plan.name.as_str(), index);
            let spec = Node::mapping([
                ("entryPoints", Node::sequence([Node::string(ENTRY_POINT)])),
                ("routes", Node::sequence(routes)),
                ("tls", Node::mapping([("secretName", Node::string(&secret))])),
            ]);
            self.custom("traefik.io/v1alpha1", "IngressRoute", &name, spec);
            self.certificate(&name, &secret, &hosts);
        }
    }

    /// Nobody makes a certificate for an `IngressRoute` by itself, as cert-manager does for an Ingress.
    fn certificate(&mut self, name: &str, secret: &str, hosts: &[String]) {
        let Some(issuer) = self.stack.stack().cluster.issuer.clone() else { return };
        let issuer = Node::mapping([("name", Node::string(issuer)), ("kind", Node::string("ClusterIssuer"))]);
        let spec = Node::mapping([
            ("secretName", Node::string(secret)),
            ("dnsNames", Node::sequence(hosts.iter().map(Node::string))),
            ("issuerRef", issuer),
        ]);
        self.custom("cert-manager.io/v1", "Certificate", name, spec);
    }

    fn route(&self, exposed: &Exposed, host: &str, rule: &IngressRule, middlewares: &[Middleware]) -> Node {
        let mut service: Rows = vec![
            ("name", Node::string(self.names.name(self.plan.service_name.as_str()))),
            ("port", Node::string(exposed.port.name.as_str())),
        ];
        if self.plan.affinity.is_some() {
            service.push(("sticky", Node::mapping([("cookie", Node::mapping::<&str>([]))])));
        }
        let mut route: Rows = vec![
            ("match", Node::string(format!("{} && PathPrefix(`{}`)", matched(host), rule.path))),
            ("kind", Node::string("Rule")),
            ("services", Node::sequence([Node::mapping(service)])),
        ];
        let own = specs(rule);
        let named = middlewares.iter().filter(|middleware| own.iter().any(|(_, spec)| *spec == middleware.spec));
        let named: Vec<Node> = named
            .map(|middleware| Node::mapping([("name", Node::string(self.names.name(&middleware.name)))]))
            .collect();
        if !named.is_empty() {
            route.push(("middlewares", Node::sequence(named)));
        }
        Node::mapping(route)
    }

    /// Writes an object of a kind that Kubernetes itself does not have.
    fn custom(&mut self, api_version: &str, kind: &str, name: &str, spec: Node) {
        let mut metadata: Rows = vec![("name", Node::string(self.names.name(name)))];
        metadata.extend(self.names.namespace().map(|namespace| ("namespace", Node::string(namespace))));
        metadata.push(("labels", self.labels().clone()));
        let node = Node::mapping([
            ("apiVersion", Node::string(api_version)),
            ("kind", Node::string(kind)),
            ("metadata", Node::mapping(metadata)),
            ("spec", spec),
        ]);
        self.objects.push(Object { service: Some(self.plan.id.clone()), node, made: Made::Written });
    }
}

/// The name of the first of several, of the second, and so on.
fn numbered(name: &str, index: usize) -> String {
    if index == 0 { name.to_owned() } else { format!("{name}-{}", index + 1) }
}

/// What a rule asks for beyond host and path: a word for the name, and the Middleware's spec.
fn specs(rule: &IngressRule) -> Vec<(&'static str, Node)> {
    let strip = rule.strip.as_ref().map(|prefix| {
        let prefixes = Node::mapping([("prefixes", Node::sequence([Node::string(prefix)]))]);
        ("strip", Node::mapping([("stripPrefix", prefixes)]))
    });
    let body = rule.body.map(|most| {
        let bytes = Node::mapping([("maxRequestBodyBytes", Node::int(most.thousandths() / 1000))]);
        ("body", Node::mapping([("buffering", bytes)]))
    });
    strip.into_iter().chain(body).collect()
}

/// A host, or any name below one: a star is a pattern of Traefik's own.
fn matched(host: &str) -> String {
    match host.strip_prefix("*.") {
        Some(rest) => format!("HostRegexp(`^[^.]+\\.{}$`)", rest.replace('.', "\\.")),
        None => format!("Host(`{host}`)"),
    }
}
