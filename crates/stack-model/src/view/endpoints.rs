use serde::Serialize;

use crate::CheckedStack;
use crate::plan::{Exposed, ExposedWay, Plan, PlannedPort};

/// An address at which a service answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointRow {
    /// The service.
    pub service: String,
    /// The port's name.
    pub port: String,
    /// Host and port, for pods of the same namespace.
    pub address: String,
    /// What is spoken.
    pub protocol: &'static str,
    /// By which ways it is reached; never empty.
    pub exposure: Vec<Exposure>,
}

/// By which way an endpoint is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Exposure {
    /// By an address of the cluster.
    Cluster,
    /// At the pods themselves.
    Headless,
    /// At the ingress.
    Ingress {
        /// Where a browser finds it.
        url: String,
        /// Who comes this way.
        from: Option<String>,
    },
    /// By a load balancer.
    LoadBalancer {
        /// The address that it should have.
        address: Option<String>,
        /// Who comes this way.
        from: Option<String>,
    },
    /// By a port of every node.
    NodePort {
        /// The port; the cluster chooses where none is said.
        port: Option<u16>,
        /// Who comes this way.
        from: Option<String>,
    },
    /// At the developer's machine, while Skaffold runs.
    Forward {
        /// Where it is found there.
        local: String,
    },
}

/// All endpoints, in the author's order.
pub fn endpoints(stack: &CheckedStack) -> Vec<EndpointRow> {
    let of = |plan| move |port| endpoint(stack, plan, port);
    stack.plans().iter().flat_map(|plan| plan.ports.iter().map(of(plan))).collect()
}

fn endpoint(stack: &CheckedStack, plan: &Plan, port: &PlannedPort) -> EndpointRow {
    let mut exposure = vec![if plan.headless { Exposure::Headless } else { Exposure::Cluster }];
    let here = |exposed: &&Exposed| exposed.port.name == port.name;
    exposure.extend(plan.exposed.iter().filter(here).map(exposed));
    let environment = &stack.stack().environment;
    for forward in &environment.forward {
        let wanted = match &forward.port {
            Some(name) => port.name == name.as_str(),
            None => plan.ports.first() == Some(port),
        };
        if plan.id == forward.service.as_str() && wanted {
            let local = format!("localhost:{}", forward.local.unwrap_or(port.service.get()));
            exposure.push(Exposure::Forward { local });
        }
    }
    EndpointRow {
        service: plan.id.to_string(),
        port: port.name.to_string(),
        address: format!("{}:{}", environment.final_name(plan.service_name.as_str()), port.dialled(plan.headless)),
        protocol: port.protocol.name(),
        exposure,
    }
}

fn exposed(exposed: &Exposed) -> Exposure {
    let from = exposed.from.clone();
    match &exposed.way {
        ExposedWay::Ingress { host, rule } => Exposure::Ingress { url: format!("https://{host}{}", rule.path), from },
        ExposedWay::LoadBalancer(address) => Exposure::LoadBalancer { address: address.clone(), from },
        ExposedWay::NodePort(port) => Exposure::NodePort { port: *port, from },
    }
}
