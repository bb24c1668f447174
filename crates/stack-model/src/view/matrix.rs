use serde::Serialize;

use crate::plan::{Edge, EdgeEnd, Exposed, ExposedWay, Plan, PlannedPort};
use crate::{CheckedStack, Wait};

/// A row of the communication matrix: who talks to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MatrixRow {
    /// The client: a service or an external.
    pub from: String,
    /// The server: a service or an external.
    pub to: String,
    /// What is spoken.
    pub protocol: String,
    /// The port that is dialled, where it is known.
    pub port: Option<u16>,
    /// What for.
    pub purpose: Option<String>,
    /// What start-up waits for.
    pub waits: Option<&'static str>,
    /// The client's variables that say where the server is, and how it is asked.
    pub env: Vec<String>,
    /// By which way, where it is not the direct one.
    pub via: Option<&'static str>,
}

/// Who talks to whom: first those who come from outside, then the services in the author's order.
pub fn matrix(stack: &CheckedStack) -> Vec<MatrixRow> {
    let plans = stack.plans();
    let outside = plans.iter().flat_map(|plan| plan.exposed.iter().map(move |exposed| from_outside(plan, exposed)));
    let inside = plans.iter().flat_map(|plan| plan.edges.iter().flat_map(move |edge| of_edge(plans, plan, edge)));
    outside.chain(inside).collect()
}

fn from_outside(plan: &Plan, exposed: &Exposed) -> MatrixRow {
    let (via, protocol, port) = match &exposed.way {
        ExposedWay::Ingress { .. } => ("ingress", "https", 443),
        ExposedWay::LoadBalancer(_) => ("load balancer", exposed.port.protocol.name(), exposed.port.service.get()),
        ExposedWay::NodePort(port) => {
            ("node port", exposed.port.protocol.name(), port.unwrap_or(exposed.port.service.get()))
        }
    };
    MatrixRow {
        from: exposed.from.clone().unwrap_or_else(|| "anyone".to_owned()),
        to: plan.id.to_string(),
        protocol: protocol.to_owned(),
        port: Some(port),
        purpose: exposed.purpose.clone(),
        waits: None,
        env: Vec::new(),
        via: Some(via),
    }
}

fn of_edge(plans: &[Plan], plan: &Plan, edge: &Edge) -> Vec<MatrixRow> {
    let row = |to: &str, protocol: String, port| MatrixRow {
        from: plan.id.to_string(),
        to: to.to_owned(),
        protocol,
        port,
        purpose: edge.purpose.clone(),
        waits: edge.wait.map(Wait::name),
        env: edge.env.iter().map(ToString::to_string).collect(),
        via: None,
    };
    match &edge.to {
        EdgeEnd::External(end) => {
            let scheme = end.url.as_deref().and_then(|url| url.split_once("://")).map_or("any", |(scheme, _)| scheme);
            vec![row(&end.name, scheme.to_owned(), end.port.map(crate::PortNumber::get))]
        }
        EdgeEnd::Service(name) => {
            let provider = plans.iter().find(|plan| plan.id == *name);
            let number = |port: &PlannedPort| provider.map(|provider| port.dialled(provider.headless).get());
            edge.ports.iter().map(|port| row(name.as_str(), port.protocol.to_string(), number(port))).collect()
        }
    }
}
