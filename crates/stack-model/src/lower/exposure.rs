use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule, IngressServiceBackend, IngressSpec,
    IngressTLS, ServiceBackendPort,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::object::Writer;
use crate::plan::{ExposedWay, Plan, PlannedPort};
use crate::{LoadBalancers, Workload};

/// What a controller reads in an annotation: the class, the key, and the value where something asks for it.
struct Row {
    class: &'static str,
    key: &'static str,
    value: fn(&Plan, &[&crate::IngressRule]) -> Option<String>,
}

/// Traefik's documentation, "Kubernetes Ingress": a cookie is a matter of the Kubernetes Service.
const ON_SERVICE: [Row; 1] = [Row {
    class: "traefik",
    key: "traefik.ingress.kubernetes.io/service.sticky.cookie",
    value: |plan, _| plan.affinity.map(|_| "true".to_owned()),
}];

/// The annotations of ingress-nginx, and of whatever reads the same.
const ON_INGRESS: [Row; 2] = [
    Row {
        class: "nginx",
        key: "nginx.ingress.kubernetes.io/affinity",
        value: |plan, _| plan.affinity.map(|_| "cookie".to_owned()),
    },
    Row {
        class: "nginx",
        key: "nginx.ingress.kubernetes.io/proxy-body-size",
        // In bytes: nginx and Kubernetes write units differently.
        value: |_, rules| {
            let largest = rules.iter().filter_map(|rule| rule.body).max()?;
            Some((largest.thousandths() / 1000).to_string())
        },
    },
];

impl Writer<'_> {
    pub(super) fn kubernetes_service(&mut self) {
        let plan = self.plan;
        // The pods of a StatefulSet are named below a Kubernetes Service, also where nobody dials them.
        let names_pods_only = plan.ports.is_empty();
        if names_pods_only && plan.workload != Workload::StatefulSet {
            return;
        }
        let ports: Vec<ServicePort> = plan.ports.iter().map(|port| self.service_port(port)).collect();
        let by = |way: fn(&ExposedWay) -> bool| plan.exposed.iter().any(|exposed| way(&exposed.way));
        let kind = if by(|way| matches!(way, ExposedWay::LoadBalancer(_))) {
            "LoadBalancer"
        } else if by(|way| matches!(way, ExposedWay::NodePort(_))) {
            "NodePort"
        } else {
            "ClusterIP"
        };
        let address = plan.exposed.iter().find_map(|exposed| match &exposed.way {
            ExposedWay::LoadBalancer(address) => address.clone(),
            _ => None,
        });
        let key = self.stack.stack().cluster.load_balancer.and_then(LoadBalancers::annotation);
        let spec = ServiceSpec {
            type_: Some(kind.to_owned()),
            load_balancer_ip: address.clone().filter(|_| key.is_none()),
            cluster_ip: (plan.headless || names_pods_only).then(|| "None".to_owned()),
            selector: self.selector().match_labels,
            ports: (!ports.is_empty()).then_some(ports),
            ..ServiceSpec::default()
        };
        let mut metadata = self.metadata(plan.service_name.as_str());
        metadata.annotations = self.annotations(&ON_SERVICE);
        if let Some((key, address)) = key.zip(address) {
            metadata.annotations.get_or_insert_default().insert(key.to_owned(), address);
        }
        self.push(&Service { metadata, spec: Some(spec), ..Service::default() });
        self.pod_names();
    }

    /// The headless twin by which pods of a StatefulSet find each other, also before they are ready.
    fn pod_names(&mut self) {
        let Some(name) = &self.plan.pod_domain else { return };
        let ports: Vec<ServicePort> =
            self.plan.ports.iter().chain(&self.plan.peers).map(|port| self.service_port(port)).collect();
        let spec = ServiceSpec {
            type_: Some("ClusterIP".to_owned()),
            cluster_ip: Some("None".to_owned()),
            publish_not_ready_addresses: Some(true),
            selector: self.selector().match_labels,
            ports: Some(ports.into_iter().map(|port| ServicePort { node_port: None, ..port }).collect()),
            ..ServiceSpec::default()
        };
        let metadata = self.metadata(name.as_str());
        self.push(&Service { metadata, spec: Some(spec), ..Service::default() });
    }

    /// What the cluster's ingress controller reads at an object.
    fn annotations(&self, rows: &[Row]) -> Option<BTreeMap<String, String>> {
        let class = self.stack.stack().cluster.ingress.as_deref()?;
        let by_ingress: Vec<&crate::IngressRule> = self
            .plan
            .exposed
            .iter()
            .filter_map(|exposed| match &exposed.way {
                ExposedWay::Ingress { rule, .. } => Some(rule),
                _ => None,
            })
            .collect();
        if by_ingress.is_empty() {
            return None;
        }
        let mine = rows.iter().filter(|row| row.class == class);
        let annotations: BTreeMap<String, String> =
            mine.filter_map(|row| Some((row.key.to_owned(), (row.value)(self.plan, &by_ingress)?))).collect();
        (!annotations.is_empty()).then_some(annotations)
    }

    fn service_port(&self, port: &PlannedPort) -> ServicePort {
        let node_port = self.plan.exposed.iter().find_map(|exposed| match exposed.way {
            ExposedWay::NodePort(number) if exposed.port.name == port.name => number,
            _ => None,
        });
        ServicePort {
            name: Some(port.name.to_string()),
            port: port.service.into(),
            target_port: Some(IntOrString::String(port.name.to_string())),
            app_protocol: port.protocol.app_protocol().map(str::to_owned),
            node_port: node_port.map(i32::from),
            ..ServicePort::default()
        }
    }

    pub(super) fn ingress(&mut self) {
        let cluster = &self.stack.stack().cluster;
        let mut rules = Vec::new();
        let mut tls = Vec::new();
        for exposed in &self.plan.exposed {
            let ExposedWay::Ingress { host, rule } = &exposed.way else { continue };
            let service = IngressServiceBackend {
                name: self.names.name(self.plan.service_name.as_str()),
                port: Some(ServiceBackendPort { name: Some(exposed.port.name.to_string()), number: None }),
            };
            let path = HTTPIngressPath {
                path: Some(rule.path.clone()),
                path_type: "Prefix".to_owned(),
                backend: IngressBackend { service: Some(service), resource: None },
            };
            rules
                .push(IngressRule { host: Some(host.clone()), http: Some(HTTPIngressRuleValue { paths: vec![path] }) });
            let secret = super::certificate_secret(self.plan, rule);
            tls.push(IngressTLS { hosts: Some(vec![host.clone()]), secret_name: Some(secret) });
        }
        if rules.is_empty() {
            return;
        }
        let mut metadata = self.metadata(self.plan.name.as_str());
        metadata.annotations = cluster
            .issuer
            .as_ref()
            .map(|issuer| BTreeMap::from([("cert-manager.io/cluster-issuer".to_owned(), issuer.clone())]));
        if let Some(own) = self.annotations(&ON_INGRESS) {
            metadata.annotations.get_or_insert_default().extend(own);
        }
        let spec = IngressSpec {
            ingress_class_name: cluster.ingress.clone(),
            rules: Some(rules),
            tls: Some(tls),
            ..IngressSpec::default()
        };
        self.push(&Ingress { metadata, spec: Some(spec), ..Ingress::default() });
    }
}
