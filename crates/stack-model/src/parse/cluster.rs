use stack_krm::yaml::Node;

use super::Reader;
use super::volume::ACCESS_MODES;
use crate::{Cluster, Machine};

/// What a stack finds in its cluster.
pub fn cluster(reader: &mut Reader<'_>, node: &Node) -> Option<Cluster> {
    reader.fields(node, "a cluster", |fields| {
        let machines = fields.read("machine", machines);
        Cluster {
            profile: fields.read("profile", Reader::text),
            ingress: fields.read("ingress", Reader::text),
            issuer: fields.read("issuer", Reader::text),
            storage: fields
                .read("storage", |reader, node| {
                    let wanted = "a map of storage classes, as `{standard: ReadWriteOnce}`";
                    reader.map(node, wanted, |reader, _, node| reader.word(node, "an access mode", ACCESS_MODES))
                })
                .unwrap_or_default(),
            machine: machines.and_then(|(machine, _)| machine),
            smallest_machine: machines.and_then(|(_, smallest)| smallest),
        }
    })
}

/// The machine that Minikube gets, and in `at-least` the smallest one that does.
fn machines(reader: &mut Reader<'_>, node: &Node) -> Option<(Option<Machine>, Option<Machine>)> {
    reader.fields(node, "a machine", |fields| {
        let smallest = fields.read("at-least", |reader, node| reader.fields(node, "a machine", machine));
        (machine(fields), smallest.flatten())
    })
}

fn machine(fields: &mut super::Fields<'_, '_, '_>) -> Option<Machine> {
    let cpus = fields.require("cpus", Reader::count);
    let memory = fields.require("memory", Reader::quantity);
    let disk = fields.require("disk", Reader::quantity);
    Some(Machine { cpus: cpus?, memory: memory?, disk: disk? })
}
