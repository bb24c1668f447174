use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1::{
    IPBlock, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer, NetworkPolicyPort,
    NetworkPolicySpec,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use stack_krm::yaml::to_node;

use super::names::Names;
use super::object::{Writer, selector, stack_labels};
use super::{Made, Object};
use crate::plan::{Edge, EdgeEnd, ExposedWay, OutsideEnd, PlannedPort};
use crate::{CheckedStack, PortNumber, ServiceId};

/// Addresses that are no internet: RFC 1918; RFC 6598, where some clouds have nodes and pods; RFC 3927, where they have the
/// credentials of a node; RFC 4193 and RFC 4291.
const PRIVATE: [&str; 5] = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
const PRIVATE_V6: [&str; 2] = ["fc00::/7", "fe80::/10"];

/// A name that says which program a pod runs.
const NAME: &str = "app.kubernetes.io/name";

/// Classes of ingress as the controllers' own charts and manifests name them, and a label of the pods from which requests come.
///
/// - traefik/traefik-helm-chart, `traefik`; K3s packages the same.
/// - kubernetes/ingress-nginx, `charts/ingress-nginx`, and the manifests that are made of it.
/// - haproxy-ingress/charts, `haproxy-ingress`, and haproxytech/helm-charts, `kubernetes-ingress`: one class, two controllers.
/// - Kong/charts, `kong`, and `ingress`, which has the proxies of that chart as `gateway`.
/// - projectcontour/contour, `examples/contour/03-envoy.yaml`; Helm charts of it label Envoy with the chart's name.
const CONTROLLERS: [(&str, &[(&str, &str)]); 5] = [
    ("traefik", &[(NAME, "traefik")]),
    ("nginx", &[(NAME, "ingress-nginx")]),
    ("haproxy", &[(NAME, "haproxy-ingress"), (NAME, "kubernetes-ingress")]),
    ("kong", &[(NAME, "kong"), (NAME, "gateway")]),
    ("contour", &[("app", "envoy"), (NAME, "contour")]),
];

/// Who uses a service, and at which of its ports.
pub(super) type Clients<'a> = BTreeMap<ServiceId, Vec<(&'a ServiceId, &'a [PlannedPort])>>;

pub(super) fn clients(stack: &CheckedStack) -> Clients<'_> {
    let mut clients = Clients::new();
    for plan in stack.plans() {
        for edge in &plan.edges {
            if let EdgeEnd::Service(provider) = &edge.to {
                clients.entry(provider.clone()).or_default().push((&plan.id, &edge.ports));
            }
        }
    }
    clients
}

/// What the policy of all pods of a stack is called.
pub(crate) fn default_policy_name(stack: &str) -> String {
    format!("{stack}-default")
}

/// Pods of the stack, and no others, get nothing and reach nothing but the cluster's DNS; each service's own policy adds to that.
/// A stack without services has none.
pub(super) fn default_policy(stack: &CheckedStack, names: &Names, objects: &mut Vec<Object>) {
    if stack.plans().is_empty() {
        return;
    }
    let part_of = ("app.kubernetes.io/part-of".to_owned(), stack.stack().name.clone());
    let dns = NetworkPolicyPeer {
        namespace_selector: Some(labelled("kubernetes.io/metadata.name", "kube-system")),
        pod_selector: Some(labelled("k8s-app", "kube-dns")),
        ..NetworkPolicyPeer::default()
    };
    let spec = NetworkPolicySpec {
        pod_selector: Some(LabelSelector {
            match_labels: Some([part_of].into_iter().collect()),
            ..LabelSelector::default()
        }),
        policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
        egress: Some(vec![NetworkPolicyEgressRule {
            to: Some(vec![dns]),
            ports: Some(vec![port(53, "UDP"), port(53, "TCP")]),
        }]),
        ..NetworkPolicySpec::default()
    };
    let mut labels = stack_labels(stack);
    labels.extend(names.common_labels());
    let metadata = ObjectMeta {
        name: Some(names.name(&default_policy_name(&stack.stack().name))),
        namespace: names.namespace(),
        labels: Some(labels),
        ..ObjectMeta::default()
    };
    let policy = NetworkPolicy { metadata, spec: Some(spec) };
    objects.extend(to_node(&policy).ok().map(|node| Object { service: None, node, made: Made::Written }));
}

impl Writer<'_> {
    /// What the service's edges open, on its own side of each.
    pub(super) fn network_policy(&mut self, clients: &[(&ServiceId, &[PlannedPort])]) {
        let plan = self.plan;
        let mut ingress: Vec<NetworkPolicyIngressRule> = Vec::new();
        for (client, ports) in clients {
            ingress.push(NetworkPolicyIngressRule {
                from: Some(vec![self.pods(client)]),
                ports: Some(container_ports(ports)),
            });
        }
        if !plan.peers.is_empty() {
            let (from, ports) = (Some(vec![self.pods(&plan.id)]), Some(container_ports(&plan.peers)));
            ingress.push(NetworkPolicyIngressRule { from, ports });
        }
        for exposed in &plan.exposed {
            let from = match &exposed.way {
                ExposedWay::Ingress { .. } => self.stack.stack().cluster.ingress.as_deref().and_then(controller),
                ExposedWay::LoadBalancer(_) | ExposedWay::NodePort(_) => None,
            };
            ingress.push(NetworkPolicyIngressRule {
                from,
                ports: Some(container_ports(std::slice::from_ref(&exposed.port))),
            });
        }
        let mut egress: Vec<NetworkPolicyEgressRule> = Vec::new();
        for rule in plan.edges.iter().filter_map(|edge| self.egress(edge)) {
            // Two servers of the internet are one rule.
            if !egress.contains(&rule) {
                egress.push(rule);
            }
        }
        if !plan.peers.is_empty() {
            let (to, ports) = (Some(vec![self.pods(&plan.id)]), Some(container_ports(&plan.peers)));
            egress.push(NetworkPolicyEgressRule { to, ports });
        }
        if ingress.is_empty() && egress.is_empty() {
            return;
        }
        let types = [("Ingress", ingress.is_empty()), ("Egress", egress.is_empty())];
        let types = types.into_iter().filter(|(_, empty)| !empty).map(|(name, _)| name.to_owned());
        let spec = NetworkPolicySpec {
            pod_selector: Some(self.selector()),
            policy_types: Some(types.collect()),
            ingress: (!ingress.is_empty()).then_some(ingress),
            egress: (!egress.is_empty()).then_some(egress),
        };
        let metadata = self.metadata(plan.name.as_str());
        self.push(&NetworkPolicy { metadata, spec: Some(spec) });
    }

    fn pods(&self, service: &ServiceId) -> NetworkPolicyPeer {
        let pod_selector = Some(selector(&self.names.name(service.name())));
        NetworkPolicyPeer { pod_selector, ..NetworkPolicyPeer::default() }
    }

    fn egress(&self, edge: &Edge) -> Option<NetworkPolicyEgressRule> {
        let (to, ports) = match &edge.to {
            EdgeEnd::Service(service) => (vec![self.pods(service)], Some(container_ports(&edge.ports))),
            EdgeEnd::External(outside) => {
                let number = |number: PortNumber| vec![port(number.into(), "TCP")];
                (outside_peers(outside)?, outside.port.map(number))
            }
        };
        Some(NetworkPolicyEgressRule { to: Some(to), ports })
    }
}

/// A server of which only the name is known may have any address of the internet; policies know no names.
fn outside_peers(outside: &OutsideEnd) -> Option<Vec<NetworkPolicyPeer>> {
    let block = |cidr: &str, except: &[&str]| NetworkPolicyPeer {
        ip_block: Some(IPBlock {
            cidr: cidr.to_owned(),
            except: (!except.is_empty()).then(|| except.iter().map(|range| (*range).to_owned()).collect()),
        }),
        ..NetworkPolicyPeer::default()
    };
    match (&outside.network, &outside.url) {
        (Some(network), _) => Some(vec![block(&network.to_string(), &[])]),
        (None, Some(_)) => Some(vec![block("0.0.0.0/0", &PRIVATE), block("::/0", &PRIVATE_V6)]),
        (None, None) => None,
    }
}

/// The pods of the controllers of an IngressClass, in whatever namespace they were installed. Of a class that has no row, nobody
/// knows whose requests come: some controllers are load balancers beside the cluster, others have the addresses of their node.
fn controller(class: &str) -> Option<Vec<NetworkPolicyPeer>> {
    let (_, labels) = CONTROLLERS.iter().find(|(known, _)| *known == class)?;
    let pods = |(key, value): &(&str, &str)| NetworkPolicyPeer {
        namespace_selector: Some(LabelSelector::default()),
        pod_selector: Some(labelled(key, value)),
        ..NetworkPolicyPeer::default()
    };
    Some(labels.iter().map(pods).collect())
}

fn labelled(key: &str, value: &str) -> LabelSelector {
    let label = (key.to_owned(), value.to_owned());
    LabelSelector { match_labels: Some([label].into_iter().collect()), ..LabelSelector::default() }
}

/// Policies are about pods, so they name the container's ports, not those of the Kubernetes Service.
fn container_ports(ports: &[PlannedPort]) -> Vec<NetworkPolicyPort> {
    ports.iter().map(|planned| port(planned.container.into(), "TCP")).collect()
}

fn port(number: i32, protocol: &str) -> NetworkPolicyPort {
    NetworkPolicyPort {
        port: Some(IntOrString::Int(number)),
        protocol: Some(protocol.to_owned()),
        ..NetworkPolicyPort::default()
    }
}
