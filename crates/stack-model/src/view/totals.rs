use std::collections::BTreeMap;

use serde::Serialize;
use stack_krm::Quantity;

use crate::plan::{MountSource, Plan};
use crate::{CheckedStack, Workload};

/// What an environment asks of its cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// The environment; `base` for none.
    pub environment: String,
    /// How many pods.
    pub pods: Bounds<u32>,
    /// All services together.
    pub total: Need,
    /// Services whose CPU has no limit: the sum of limits is not the most that can be used.
    pub without_cpu_limit: Vec<String>,
    /// Services whose memory has no limit.
    pub without_memory_limit: Vec<String>,
    /// Each service, in the author's order.
    pub services: Vec<ServiceTotals>,
}

/// What one service asks for, all its pods together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceTotals {
    /// The service.
    pub service: String,
    /// How many pods.
    pub pods: Bounds<u32>,
    /// What they need.
    pub need: Need,
}

/// CPU, memory and storage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Need {
    /// What the scheduler sets aside, in CPUs.
    pub cpu_request: Bounds<Sum>,
    /// What may not be exceeded, in CPUs.
    pub cpu_limit: Bounds<Sum>,
    /// What the scheduler sets aside, in bytes.
    pub memory_request: Bounds<Sum>,
    /// What may not be exceeded, in bytes.
    pub memory_limit: Bounds<Sum>,
    /// What claims ask for, in bytes.
    pub storage: Bounds<Sum>,
}

/// A sum of quantities; it serializes as Kubernetes writes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum(pub Quantity);

impl Serialize for Sum {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// With the fewest pods, and with the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bounds<T> {
    /// With the fewest pods.
    pub fewest: T,
    /// With the most pods.
    pub most: T,
}

/// What the environment asks of its cluster: sums over all services, at their fewest and at their most pods.
pub fn totals(stack: &CheckedStack) -> Totals {
    let services: Vec<ServiceTotals> = stack.plans().iter().map(service).collect();
    let needs = || services.iter().map(|service| &service.need);
    let pods =
        |end: fn(&Bounds<u32>) -> u32| services.iter().map(|service| end(&service.pods)).fold(0, u32::saturating_add);
    let without = |limit: fn(&Plan) -> Option<Quantity>| {
        let plans = stack.plans().iter().filter(|plan| limit(plan).is_none());
        plans.map(|plan| plan.id.to_string()).collect()
    };
    Totals {
        environment: stack.stack().environment.name.as_ref().map_or_else(|| "base".to_owned(), ToString::to_string),
        pods: Bounds { fewest: pods(|pods| pods.fewest), most: pods(|pods| pods.most) },
        total: Need {
            cpu_request: sum(needs().map(|need| need.cpu_request)),
            cpu_limit: sum(needs().map(|need| need.cpu_limit)),
            memory_request: sum(needs().map(|need| need.memory_request)),
            memory_limit: sum(needs().map(|need| need.memory_limit)),
            storage: sum(needs().map(|need| need.storage)),
        },
        without_cpu_limit: without(|plan| plan.resources.cpu.limit),
        without_memory_limit: without(|plan| plan.resources.memory.limit),
        services,
    }
}

fn service(plan: &Plan) -> ServiceTotals {
    let (fewest, most) = plan.replica_range;
    let times = |quantity: Option<Quantity>| {
        let quantity = quantity.unwrap_or_default();
        Bounds { fewest: Sum(quantity * fewest), most: Sum(quantity * most) }
    };
    let resources = &plan.resources;
    ServiceTotals {
        service: plan.id.to_string(),
        pods: Bounds { fewest, most },
        need: Need {
            cpu_request: times(resources.cpu.request),
            cpu_limit: times(resources.cpu.limit),
            memory_request: times(resources.memory.request),
            memory_limit: times(resources.memory.limit),
            storage: storage(plan, fewest, most),
        },
    }
}

/// Each pod of a StatefulSet has claims of its own; the pods of a Deployment share theirs.
fn storage(plan: &Plan, fewest: u32, most: u32) -> Bounds<Sum> {
    let claims = plan.mounts.iter().filter_map(|mount| match &mount.source {
        MountSource::Claim { name, size, .. } => Some((name, *size)),
        _ => None,
    });
    let claims: BTreeMap<_, Quantity> = claims.collect(); // a claim that is mounted twice is asked for once
    let size: Quantity = claims.into_values().sum();
    match plan.workload {
        Workload::StatefulSet => Bounds { fewest: Sum(size * fewest), most: Sum(size * most) },
        _ => Bounds { fewest: Sum(size), most: Sum(size) },
    }
}

fn sum(bounds: impl Iterator<Item = Bounds<Sum>> + Clone) -> Bounds<Sum> {
    Bounds {
        fewest: Sum(bounds.clone().map(|bounds| bounds.fewest.0).sum()),
        most: Sum(bounds.map(|bounds| bounds.most.0).sum()),
    }
}
