use stack_krm::yaml::Node;

use super::Reader;
use crate::{AccessMode, Cluster, Gpu, LoadBalancers};

const GPUS: &[(&str, Gpu)] = &[("nvidia", Gpu::Nvidia), ("amd", Gpu::Amd)];

const LOAD_BALANCERS: &[(&str, LoadBalancers)] = &[
    ("metallb", LoadBalancers::MetalLb),
    ("cloud", LoadBalancers::Cloud),
    ("minikube-tunnel", LoadBalancers::MinikubeTunnel),
];

/// What a stack finds in its cluster.
pub fn cluster(reader: &mut Reader<'_>, node: &Node) -> Option<Cluster> {
    reader.fields(node, "a cluster", |fields| Cluster {
        profile: fields.read("profile", Reader::text),
        nodes: fields.read("nodes", Reader::count),
        load_balancer: fields.read("load-balancer", |reader, node| {
            reader.word(node, "a giver of load balancers' addresses", LOAD_BALANCERS)
        }),
        gpu: fields.read("gpu", |reader, node| reader.word(node, "a maker of accelerators", GPUS)),
        ingress: fields.read("ingress", Reader::text),
        issuer: fields.read("issuer", Reader::text),
        storage: fields
            .read("storage", |reader, node| {
                let wanted = "a map of storage classes, as `{standard: ReadWriteOnce}`";
                reader.map(node, wanted, |reader, _, node| reader.word(node, "an access mode", &AccessMode::words()))
            })
            .unwrap_or_default(),
    })
}
