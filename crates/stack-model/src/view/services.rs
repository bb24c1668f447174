use serde::Serialize;

use crate::CheckedStack;

/// A service at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceRow {
    /// Its name in the stack.
    pub name: String,
    /// The kind of its workload.
    pub workload: &'static str,
    /// Its image.
    pub image: String,
    /// Whether the image is built here.
    pub built: bool,
    /// The fewest pods.
    pub replicas: u32,
    /// The most pods; more than the fewest where an autoscaler decides.
    pub most_replicas: u32,
    /// Its ports, as `http 8080`.
    pub ports: Vec<String>,
}

/// All services, in the author's order.
pub fn services(stack: &CheckedStack) -> Vec<ServiceRow> {
    let row = |plan: &crate::plan::Plan| {
        let (replicas, most_replicas) = plan.replica_range;
        ServiceRow {
            name: plan.id.to_string(),
            workload: plan.workload.kind(),
            image: plan.image.to_string(),
            built: plan.build.is_some(),
            replicas,
            most_replicas,
            ports: plan.ports.iter().map(|port| format!("{} {}", port.name, port.dialled(plan.headless))).collect(),
        }
    };
    stack.plans().iter().map(row).collect()
}
